namespace HedvigStorage.Hosting;

/// <summary>A plugin host as it is.</summary>
public sealed record DockerPluginStatus
{
    /// <summary>Gets the driver's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets how it is run, or <see langword="null"/> if it is not installed by this command.</summary>
    public DockerPluginMode? Mode { get; init; }

    /// <summary>
    /// Gets how systemd has it, such as <c>active (running), enabled</c> and, where its files are not as they were installed, <c>changed by
    /// hand</c>; or <see langword="null"/> if it is not a service.
    /// </summary>
    public string? Service { get; init; }

    /// <summary>Gets whether it answers.</summary>
    public bool Running { get; init; }

    /// <summary>Gets the process, or <see langword="null"/> if it does not run.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the version that runs, or <see langword="null"/>.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the cluster that it serves, or <see langword="null"/> if it does not run.</summary>
    public string? Cluster { get; init; }

    /// <summary>Gets the host's name in attachments, or <see langword="null"/> if it does not run.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the unix socket.</summary>
    public string? Socket { get; init; }

    /// <summary>Gets the folder for its state.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Gets the folder under which volumes are mounted.</summary>
    public string? MountRoot { get; init; }

    /// <summary>Gets the folder of a cluster's volumes that a managed plugin is given, or <see langword="null"/>.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Gets whether a managed plugin has <c>CAP_SYS_RESOURCE</c>, with which a mounted ext4 grows, or <see langword="null"/> for the other
    /// modes.
    /// </summary>
    public bool? OnlineGrowth { get; init; }

    /// <summary>Gets the names of the mounted volumes.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Gets the number of mounted volumes.</summary>
    public int MountedVolumes => Volumes.Count;
}
