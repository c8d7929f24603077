using System.Collections.Generic;
using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>A container to have or not to have.</summary>
public sealed record ConfiguredContainer
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it shall be there.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the image; empty only if it shall not be there.</summary>
    public string Image { get; init; } = string.Empty;

    /// <summary>Gets whether it shall run.</summary>
    public ContainerState State { get; init; }

    /// <summary>Gets the command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Gets the entry point.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }

    /// <summary>Gets the user.</summary>
    public string? User { get; init; }

    /// <summary>Gets the environment beyond the image's.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Gets the mounts.</summary>
    public IReadOnlyList<ContainerMount>? Mounts { get; init; }

    /// <summary>Gets the published ports.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }

    /// <summary>Gets the restart policy.</summary>
    public RestartPolicy? Restart { get; init; }

    /// <summary>Gets the labels beyond the image's.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Gets the network mode.</summary>
    public string? Network { get; init; }
}
