using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>A container to have or not to have.</summary>
public sealed record ConfiguredContainer
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the image; empty only if it should not exist.</summary>
    public string Image { get; init; } = string.Empty;

    /// <summary>Gets whether it should run.</summary>
    public ContainerState State { get; init; }

    /// <summary>Gets the command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Gets the entry point.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init => field = EntryPoints.Normal(value); }

    /// <summary>Gets the user.</summary>
    public string? User { get; init; }

    /// <summary>Gets the environment beyond the image's; it wins over <see cref="EnvironmentFiles"/>.</summary>
    public IReadOnlyDictionary<string, EnvironmentValue>? Environment { get; init; }

    /// <summary>
    /// Gets files of lines NAME=VALUE, as Docker's <c>--env-file</c> reads them, relative to the document's folder; a later one wins.
    /// </summary>
    public IReadOnlyList<string>? EnvironmentFiles { get; init; }

    /// <summary>Gets the mounts.</summary>
    public IReadOnlyList<ContainerMount>? Mounts { get; init; }

    /// <summary>Gets the published ports.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }

    /// <summary>Gets the restart policy.</summary>
    public RestartPolicy? Restart { get; init; }

    /// <summary>Gets the labels beyond the image's.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Gets the network mode, or a network's name.</summary>
    public string? Network { get; init; }

    /// <summary>Gets the health check.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Gets how long a step that starts it waits until it is healthy; <see langword="null"/> is not at all.</summary>
    public TimeSpan? WaitHealthy { get; init; }

    /// <summary>Gets the containers that run before it is started, and that are stopped after it.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Gets how long it may take to end before it is killed; whole seconds; a negative time is without limit.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Gets the folder that it runs in.</summary>
    public string? WorkingDirectory { get; init => field = value is null ? null : ContainerPath.Clean(value); }

    /// <summary>Gets the host's name in it.</summary>
    public string? HostName { get; init; }

    /// <summary>Gets the settings of <see cref="ContainerSettings"/> that the document names, in the normal form.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Settings { get; init; } = ContainerSettings.None;

    /// <summary>Gets whether it may be recreated without further consent.</summary>
    public bool Recreate { get; init; }
}
