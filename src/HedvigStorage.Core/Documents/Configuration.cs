using System.Collections.Generic;
using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>The desired state of storage and containers. A property that is <see langword="null"/> is not specified and never changed.</summary>
public sealed record Configuration
{
    /// <summary>Gets the name that error messages and plans give, such as the file's.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the policies.</summary>
    public IReadOnlyList<ConfiguredPolicy> Policies { get; init; } = [];

    /// <summary>Gets the volumes.</summary>
    public IReadOnlyList<ConfiguredVolume> Volumes { get; init; } = [];

    /// <summary>Gets the snapshots.</summary>
    public IReadOnlyList<ConfiguredSnapshot> Snapshots { get; init; } = [];

    /// <summary>Gets the Docker part, or <see langword="null"/> if there is none.</summary>
    public DockerConfiguration? Docker { get; init; }
}

/// <summary>A policy to have or not to have.</summary>
public sealed record ConfiguredPolicy
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it shall be there.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the attributes.</summary>
    public VolumeAttributes Attributes { get; init; } = VolumeAttributes.None;
}

/// <summary>A volume to have or not to have.</summary>
public sealed record ConfiguredVolume
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it shall be there.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the size; only a clone may leave it open.</summary>
    public ByteSize? Size { get; init; }

    /// <summary>Gets the type.</summary>
    public VolumeType? Type { get; init; }

    /// <summary>Gets the policy's name.</summary>
    public string? Policy { get; init; }

    /// <summary>Gets the volume's own attributes.</summary>
    public VolumeAttributes Attributes { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the file system.</summary>
    public VolumeFileSystem? FileSystem { get; init; }

    /// <summary>Gets the user id of the root directory; used when the file system is made.</summary>
    public int? Uid { get; init; }

    /// <summary>Gets the group id of the root directory; used when the file system is made.</summary>
    public int? Gid { get; init; }

    /// <summary>Gets the permission bits of the root directory; used when the file system is made.</summary>
    public int? Mode { get; init; }

    /// <summary>Gets whether the cluster shall refuse to remove or revert it.</summary>
    public bool? Protect { get; init; }

    /// <summary>Gets the description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the volume to clone when this one is made.</summary>
    public string? From { get; init; }

    /// <summary>Gets the snapshot of <see cref="From"/> to clone when this one is made.</summary>
    public string? Snapshot { get; init; }
}

/// <summary>A snapshot to have or not to have.</summary>
public sealed record ConfiguredSnapshot
{
    /// <summary>Gets the volume.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it shall be there.</summary>
    public Ensure Ensure { get; init; }
}

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
