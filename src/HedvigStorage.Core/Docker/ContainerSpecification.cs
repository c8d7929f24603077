namespace HedvigStorage.Docker;

/// <summary>A container to make.</summary>
public sealed record ContainerSpecification
{
    /// <summary>Gets the image's name, tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>Gets the command; <see langword="null"/> is the image's.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Gets the entry point; <see langword="null"/> is the image's; an empty one takes that away.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init => field = EntryPoints.Normal(value); }

    /// <summary>Gets the user; <see langword="null"/> is the image's.</summary>
    public string? User { get; init; }

    /// <summary>Gets the environment, over the image's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the mounts.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Gets the published ports.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary>Gets when the engine starts it again.</summary>
    public RestartPolicy Restart { get; init; } = RestartPolicy.No;

    /// <summary>Gets the labels, over the image's.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the network mode, such as <c>none</c> or <c>host</c>, or a network's name; <see langword="null"/> is the engine's default.
    /// </summary>
    public string? NetworkMode { get; init; }

    /// <summary>Gets the health check; <see langword="null"/> is the image's.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>
    /// Gets how long it may take to end before it is killed; whole seconds; a negative time is without limit; <see langword="null"/> is the
    /// image's, or 10 seconds.
    /// </summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Gets the folder that it runs in; <see langword="null"/> is the image's.</summary>
    public string? WorkingDirectory { get; init => field = value is null ? null : ContainerPath.Clean(value); }

    /// <summary>Gets the host's name in it; <see langword="null"/> is the beginning of its id.</summary>
    public string? HostName { get; init; }

    /// <summary>Gets the settings of <see cref="ContainerSettings"/> by their names, in the normal form.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Settings { get; init; } = ContainerSettings.None;

    /// <summary>
    /// Gets what the engine keeps besides and no document can say, by the engine's names; it is not carried over to a new container.
    /// </summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}

/// <summary>
/// A volume, a path of the host or an image in a container. Paths are in the form in which the engine mounts them, without a slash at the
/// end, <c>.</c> and <c>..</c>.
/// </summary>
public sealed record ContainerMount
{
    /// <summary>Gets <c>volume</c>, <c>bind</c> or <c>image</c>.</summary>
    public string Type { get; init; } = "volume";

    /// <summary>Gets the volume's name, the host's path of a bind, or the image's name.</summary>
    public required string Source { get; init => field = ContainerPath.Clean(value); }

    /// <summary>Gets the absolute path in the container.</summary>
    public required string Target { get; init => field = ContainerPath.Clean(value); }

    /// <summary>Gets whether the container may only read it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Gets whether what the image has at the target is not copied onto a volume that is empty.</summary>
    public bool NoCopy { get; init; }

    /// <summary>
    /// Gets the path within the volume or image that is mounted instead of all of it; <see langword="null"/> is all. Engines from 26 on do
    /// that for volumes, and from 28 on for images.
    /// </summary>
    public string? SubPath { get; init => field = ContainerPath.CleanSubPath(value); }

    /// <summary>Gets the volume driver; <see langword="null"/> where the volume exists, and of binds and images.</summary>
    public string? Driver { get; init; }
}
