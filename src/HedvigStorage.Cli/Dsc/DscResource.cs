using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Dsc;

/// <summary>A DSC resource: how an instance becomes a small document, and how what is there is told as an instance.</summary>
internal abstract class DscResource
{
    public static IReadOnlyList<DscResource> All { get; } =
    [
        new ConfigurationResource(), new PolicyResource(), new VolumeResource(), new VolumeListResource(), new SnapshotResource(),
        new DockerPluginResource(), new ContainerResource(),
    ];

    /// <summary>Gets the name behind <c>HedvigStorage/</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the schema of an instance, made from that of documents.</summary>
    public abstract string Schema { get; }

    /// <summary>Gets the members that say which object is meant.</summary>
    public virtual IReadOnlyList<string> Keys => ["name"];

    /// <summary>Gets the members that say how to treat the object.</summary>
    public virtual IReadOnlyList<string> Controls => [];

    /// <summary>Gets whether an instance says by <c>_exist</c> whether the object should exist.</summary>
    public virtual bool HasExist => true;

    /// <summary>Gets whether an instance without members means something.</summary>
    public virtual bool MayBeEmpty => false;

    /// <summary>Gets whether an instance can be deleted.</summary>
    public bool CanDelete => HasExist;

    public static DscResource Find(string name) =>
        All.FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ClusterException(
            ErrorCode.InvalidArgument,
            $"'{ObjectName.Printable(name)}' is not a resource. {Nearest.Hint(name, All.Select(resource => resource.Name).ToArray())}");

    /// <summary>Makes the document that describes the instance.</summary>
    /// <exception cref="ConfigurationException">The instance is wrong.</exception>
    public virtual Configuration Describe(DscInput input) => ConfigurationReader.Read(Document(input), "The input");

    /// <summary>Makes a document that only names what the instance is about.</summary>
    /// <exception cref="ConfigurationException">The instance is wrong.</exception>
    public virtual Configuration Identify(DscInput input) => ConfigurationReader.Read(Wrap(KeysOf(input.Members), input), "The input");

    /// <summary>Tells what is there of what a document names.</summary>
    public abstract Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken);

    /// <summary>Tells all that is there.</summary>
    /// <param name="targets">Where.</param>
    /// <param name="pattern">A pattern of names with <c>*</c> and <c>?</c>, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public abstract Task<IReadOnlyList<DscState>> ExportAsync(PlanTargets targets, string? pattern, CancellationToken cancellationToken);

    /// <summary>Tells which members of the instance differ.</summary>
    public virtual IReadOnlyList<string> Differences(Plan plan) => plan.Changes
        .Where(step => step.Kind != ResourceKind.Image)
        .SelectMany(step => step.Action switch
        {
            StepAction.Create => step.Changes.Select(change => change.Property).Prepend("_exist"),
            StepAction.Remove => ["_exist"],
            _ => step.Changes.Select(change => change.Property),
        })
        .Select(property => property.Split('.')[0])
        .Distinct(StringComparer.Ordinal)
        .ToArray();

    /// <summary>Tells what would be there once the plan is carried out.</summary>
    public virtual DscState Project(DscState actual, DscInput input) => input.Exist
        ? actual.With(input.Members).With("_exist", value: true)
        : DscState.Missing(KeysOf(input.Members));

    /// <summary>Makes a document of the members of one object.</summary>
    protected abstract object Wrap(Dictionary<string, object?> members, DscInput input);

    protected virtual object Document(DscInput input) => Wrap(input.Exist ? input.Members : KeysOf(input.Members), input);

    // What should not exist, or is only looked for, is known by its keys alone.
    protected Dictionary<string, object?> KeysOf(Dictionary<string, object?> members)
    {
        var keys = members.Where(member => Keys.Contains(member.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
        keys["ensure"] = nameof(Ensure.Absent);
        return keys;
    }
}
