namespace HedvigStorage.Docker;

/// <summary>A line of the engine's list of containers.</summary>
public sealed record ContainerSummary
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name, without the engine's leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the image as it was named.</summary>
    public string Image { get; init; } = string.Empty;

    /// <summary>
    /// Gets the state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.
    /// </summary>
    public string State { get; init; } = string.Empty;

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the names of the volumes that it mounts.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Gets the drivers of <see cref="Volumes"/>, in the same order; empty where the engine does not tell.</summary>
    public IReadOnlyList<string> VolumeDrivers { get; init; } = [];
}

/// <summary>A container as it is.</summary>
public sealed record Container
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name, without the engine's leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the id of the image that it was made from.</summary>
    public string ImageId { get; init; } = string.Empty;

    /// <summary>
    /// Gets the state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.
    /// </summary>
    public string State { get; init; } = string.Empty;

    /// <summary>Gets the status that it ended with, 0 while it runs.</summary>
    public int ExitCode { get; init; }

    /// <summary>Gets the engine's last error about it, empty if none.</summary>
    public string Error { get; init; } = string.Empty;

    /// <summary>Gets when it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets how healthy it is, or <see langword="null"/> if it has no health check or does not run.</summary>
    public ContainerHealth? Health { get; init; }

    /// <summary>
    /// Gets what the engine mounts in it, whatever was asked for: of a volume the name and the driver; <see langword="null"/> if the engine
    /// does not tell.
    /// </summary>
    public IReadOnlyList<ContainerMount>? Mounted { get; init; }

    /// <summary>Gets the networks that it is connected to: the id of each by its name.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the names of the volumes that the engine made for it alone, because the image asks for them or nobody gave a name.
    /// </summary>
    public IReadOnlyList<string> AnonymousVolumes { get; init; } = [];

    /// <summary>Gets what it was made with. Environment, labels, command and user include what came from the image.</summary>
    public required ContainerSpecification Specification { get; init; }
}

/// <summary>How healthy a container is, by its own health check.</summary>
/// <param name="Status"><c>starting</c>, <c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="LastOutput">What the last check wrote, empty if there was none yet.</param>
public sealed record ContainerHealth(string Status, string LastOutput);

/// <summary>An image as it is.</summary>
public sealed record Image
{
    /// <summary>Gets the id, a digest of its configuration.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the command that it sets, or <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Gets the entry point that it sets, or <see langword="null"/>.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }

    /// <summary>Gets the user that it sets, empty if none.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>Gets the folder that it sets, empty if none.</summary>
    public string WorkingDirectory { get; init; } = string.Empty;

    /// <summary>Gets the health check that it sets, or <see langword="null"/>.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Gets the time to stop that it sets, or <see langword="null"/>.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Gets the settings of <see cref="ContainerSettings"/> that it sets.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Settings { get; init; } = ContainerSettings.None;

    /// <summary>Gets the environment that it sets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the labels that it sets.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A volume as the engine knows it.</summary>
public sealed record EngineVolume
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the driver's name.</summary>
    public required string Driver { get; init; }

    /// <summary>Gets where it is mounted, empty if it is not.</summary>
    public string Mountpoint { get; init; } = string.Empty;

    /// <summary>Gets the options that it was made with.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What an engine says of itself.</summary>
/// <param name="Version">The version, such as <c>28.2.2</c>.</param>
/// <param name="ApiVersion">The API version spoken, such as <c>1.50</c>.</param>
/// <param name="OperatingSystem"><c>linux</c> or <c>windows</c>.</param>
public sealed record EngineVersion(string Version, string ApiVersion, string OperatingSystem);
