namespace HedvigStorage.Planning;

/// <summary>What kind of object a step is about.</summary>
public enum ResourceKind
{
    /// <summary>A policy of the cluster.</summary>
    Policy,

    /// <summary>A volume of the cluster.</summary>
    Volume,

    /// <summary>A snapshot of the cluster.</summary>
    Snapshot,

    /// <summary>Who may use a volume through a target.</summary>
    Access,

    /// <summary>The plugin host on this machine.</summary>
    Plugin,

    /// <summary>An image of the Docker Engine.</summary>
    Image,

    /// <summary>A container of the Docker Engine.</summary>
    Container,

    /// <summary>A network of the Docker Engine.</summary>
    Network,

    /// <summary>A volume as the Docker Engine knows it, of whatever driver.</summary>
    DockerVolume,
}

/// <summary>What a step does.</summary>
public enum StepAction
{
    /// <summary>Nothing: the object is as desired.</summary>
    None,

    /// <summary>Makes the object.</summary>
    Create,

    /// <summary>Changes the object in place.</summary>
    Update,

    /// <summary>Makes a volume larger.</summary>
    Grow,

    /// <summary>Removes the object and recreates it.</summary>
    Replace,

    /// <summary>Removes the object.</summary>
    Remove,

    /// <summary>Makes an object that is as desired the document's own.</summary>
    Adopt,

    /// <summary>Makes an object nobody's, and leaves it as it is.</summary>
    Forget,
}

/// <summary>A property that differs.</summary>
/// <param name="Property">Its name, as in the document.</param>
/// <param name="Before">What it is, or <see langword="null"/> if the object is not there.</param>
/// <param name="After">What it is to be, or <see langword="null"/> if it should not exist.</param>
public sealed record PropertyChange(string Property, string? Before, string? After);

/// <summary>One step of a plan.</summary>
public sealed class PlanStep
{
    internal PlanStep(ResourceKind kind, string name, StepAction action)
    {
        Kind = kind;
        Name = name;
        Action = action;
    }

    /// <summary>Gets what identifies the step within its plan, such as <c>volume/pgdata</c>.</summary>
    public string Id => IdOf(Kind, Name);

    /// <summary>Gets the kind of object.</summary>
    public ResourceKind Kind { get; }

    /// <summary>Gets the object's name.</summary>
    public string Name { get; }

    /// <summary>Gets what the step does.</summary>
    public StepAction Action { get; }

    /// <summary>Gets the properties that differ.</summary>
    public IReadOnlyList<PropertyChange> Changes { get; internal set; } = [];

    /// <summary>Gets why the step is there, in words.</summary>
    public string Reason { get; internal set; } = string.Empty;

    /// <summary>Gets what carrying it out costs, in words: data, or time in which something is down; empty if it costs nothing.</summary>
    public string Cost { get; internal set; } = string.Empty;

    /// <summary>Gets why the object differs.</summary>
    public ChangeCause Cause { get; internal set; }

    /// <summary>Gets what has to be allowed before it is carried out.</summary>
    public Consent Needs { get; internal set; }

    /// <summary>Gets what a person should know besides, such as attributes that the engine does not honour.</summary>
    public IReadOnlyList<string> Notes { get; internal set; } = [];

    /// <summary>Gets whether carrying it out destroys data.</summary>
    public bool DestroysData { get; internal set; }

    /// <summary>Gets the ids of the steps that must have succeeded before.</summary>
    public IReadOnlyList<string> DependsOn { get; internal set; } = [];

    /// <summary>Gets whether carrying it out changes anything.</summary>
    public bool HasChange => Action != StepAction.None;

    /// <summary>Gets or sets what tells the object from another one of the same name, or <see langword="null"/>.</summary>
    internal string? Identity { get; set; }

    /// <summary>Gets or sets the plugin's volumes that the container mounts now, whatever the document asks for.</summary>
    internal IReadOnlyCollection<string> Mounted { get; set; } = [];

    /// <summary>Gets or sets the networks that the container is connected to now, whatever the document asks for.</summary>
    internal IReadOnlyCollection<string> Connected { get; set; } = [];

    /// <summary>
    /// Gets or sets what carries the step out by itself; <see langword="null"/> without a change, or where <see cref="Batch"/> does.
    /// </summary>
    internal Func<StepContext, CancellationToken, Task>? Execute { get; set; }

    /// <summary>Gets or sets what carries the step out together with others of its kind, in the place of <see cref="Execute"/>.</summary>
    internal StepBatch? Batch { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Id}";

    internal static string IdOf(ResourceKind kind, string name) => $"{kind.ToString().ToLowerInvariant()}/{name}";
}

/// <summary>What a step needs while it is carried out.</summary>
internal sealed class StepContext
{
    public StepContext(Action<string> report) => Report = report;

    /// <summary>Gets what takes a line on how far the step is.</summary>
    public Action<string> Report { get; }
}
