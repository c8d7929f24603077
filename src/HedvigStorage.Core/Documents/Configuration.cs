namespace HedvigStorage.Documents;

/// <summary>
/// The desired state of storage and containers. A property that is <see langword="null"/> is not specified and never changed.
/// </summary>
public sealed record Configuration
{
    /// <summary>Gets the name that error messages and plans give, such as the file's.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the document's own name, by which it knows what it has made; <see langword="null"/> if it owns nothing.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the policies.</summary>
    public IReadOnlyList<ConfiguredPolicy> Policies { get; init; } = [];

    /// <summary>Gets the volumes.</summary>
    public IReadOnlyList<ConfiguredVolume> Volumes { get; init; } = [];

    /// <summary>Gets the snapshots.</summary>
    public IReadOnlyList<ConfiguredSnapshot> Snapshots { get; init; } = [];

    /// <summary>Gets who may use which volumes.</summary>
    public IReadOnlyList<ConfiguredAccess> Access { get; init; } = [];

    /// <summary>Gets the Docker part, or <see langword="null"/> if there is none.</summary>
    public DockerConfiguration? Docker { get; init; }

    /// <summary>Gets what an export has found and no document can say, in sentences; no part of the document.</summary>
    public IReadOnlyList<string> Omissions { get; init; } = [];
}

/// <summary>A policy to have or not to have.</summary>
public sealed record ConfiguredPolicy : PolicySpecification
{
    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }
}

/// <summary>A volume to have or not to have; only a clone may leave its size open.</summary>
public sealed record ConfiguredVolume : VolumeSpecification
{
    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }
}

/// <summary>A snapshot to have or not to have.</summary>
public sealed record ConfiguredSnapshot
{
    /// <summary>Gets the volume.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }
}

/// <summary>An address that may, or may not, reach a volume through a target.</summary>
public sealed record ConfiguredAccess
{
    /// <summary>Gets the volume.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the target.</summary>
    public required string Target { get; init; }

    /// <summary>Gets what <see cref="Address"/> is.</summary>
    public AccessRuleType Type { get; init; }

    /// <summary>Gets who may: see <see cref="AccessAddress"/>.</summary>
    public required string Address { get; init; }

    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>
    /// Gets whether the volume is mapped on the target, or exported through it, with the rule; <see langword="false"/> leaves that as it
    /// is.
    /// </summary>
    public bool Mapped { get; init; } = true;

    /// <summary>Gets what identifies it among all others, such as <c>pgdata/proxy1/10.0.0.7</c>.</summary>
    public string Id => $"{Volume}/{Target}/{Address}";
}
