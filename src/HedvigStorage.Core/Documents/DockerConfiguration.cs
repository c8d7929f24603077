using HedvigStorage.Hosting;

namespace HedvigStorage.Documents;

/// <summary>The Docker part of a configuration.</summary>
public sealed record DockerConfiguration
{
    /// <summary>
    /// Gets whether this part is left out, and said to be, where there is no Docker Engine or the plugin host cannot run.
    /// </summary>
    public bool Optional { get; init; }

    /// <summary>Gets the plugin, or <see langword="null"/> if it is managed elsewhere.</summary>
    public ConfiguredPlugin? Plugin { get; init; }

    /// <summary>Gets the containers.</summary>
    public IReadOnlyList<ConfiguredContainer> Containers { get; init; } = [];

    /// <summary>Gets the networks.</summary>
    public IReadOnlyList<ConfiguredNetwork> Networks { get; init; } = [];

    /// <summary>Gets the volumes as the engine knows them.</summary>
    public IReadOnlyList<ConfiguredDockerVolume> Volumes { get; init; } = [];

    /// <summary>Gets the volume driver's name.</summary>
    public string DriverName => Plugin?.Name ?? ConfiguredPlugin.DefaultName;
}

/// <summary>The plugin host to have or not to have.</summary>
public sealed record ConfiguredPlugin
{
    /// <summary>The driver's name where none is given.</summary>
    public const string DefaultName = "hedvig";

    /// <summary>Gets the driver's name.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets how it is run.</summary>
    public DockerPluginMode? Mode { get; init; }

    /// <summary>Gets the version that should run.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the host's name in attachments.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the folder for its state.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Gets the folder under which volumes are mounted.</summary>
    public string? MountRoot { get; init; }

    /// <summary>Gets the folder of the volumes of a cluster on the engine's machine, for a managed plugin.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Gets whether a managed plugin asks the engine for what growing a mounted ext4 takes.</summary>
    public bool? OnlineGrowth { get; init; }
}
