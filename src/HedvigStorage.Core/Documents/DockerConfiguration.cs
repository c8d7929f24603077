using System.Collections.Generic;

namespace HedvigStorage.Documents;

/// <summary>The Docker part of a configuration.</summary>
public sealed record DockerConfiguration
{
    /// <summary>Gets whether this part is left out, and said to be, where there is no Docker Engine or the plugin host cannot run.</summary>
    public bool Optional { get; init; }

    /// <summary>Gets the plugin, or <see langword="null"/> if it is managed elsewhere.</summary>
    public ConfiguredPlugin? Plugin { get; init; }

    /// <summary>Gets the containers.</summary>
    public IReadOnlyList<ConfiguredContainer> Containers { get; init; } = [];

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

    /// <summary>Gets whether it shall be there.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the host's name in attachments.</summary>
    public string? Host { get; init; }
}
