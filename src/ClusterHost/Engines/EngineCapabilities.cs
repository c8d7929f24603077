namespace HedvigStorage.ClusterHost.Engines;

/// <summary>What an engine can do.</summary>
internal sealed record EngineCapabilities
{
    public required string Name { get; init; }

    public required IReadOnlyList<VolumeType> VolumeTypes { get; init; }

    public required IReadOnlyList<string> HonouredAttributes { get; init; }

    /// <summary>Gets the types whose volumes stay where they were made, whatever their attributes become.</summary>
    public IReadOnlyList<VolumeType> FixedPlacementTypes { get; init; } = [];

    /// <summary>Gets whether <see cref="IStorageEngine.CheckAsync"/> refuses what the storage cannot place.</summary>
    public bool PlacementChecks { get; init; }

    /// <summary>Gets whether snapshots and clones share data with their source.</summary>
    public required bool SharesData { get; init; }

    /// <summary>Gets whether only hosts on this machine can attach volumes.</summary>
    public required bool OwnMachineOnly { get; init; }

    /// <summary>
    /// Gets whether <see cref="IStorageEngine.FenceAsync"/> makes sure that a holder stays out; otherwise a lease is only ended by somebody
    /// who knows that the holder is gone.
    /// </summary>
    public required bool FencesHolders { get; init; }

    /// <summary>Gets whether a revert that fails has changed nothing.</summary>
    public required bool RevertsAtOnce { get; init; }

    /// <summary>Gets the types of volumes that cannot be reverted, with why and what helps, as sentences.</summary>
    public IReadOnlyDictionary<VolumeType, string> NotReverted { get; init; } = new Dictionary<VolumeType, string>();

    /// <summary>Gets where space has to be freed, as <c>the data directory's file system</c>.</summary>
    public required string Storage { get; init; }

    public required long MinimumVolumeBytes { get; init; }

    public required long MaximumVolumeBytes { get; init; }

    /// <summary>Gets what the storage lacks, as a sentence for the log, or <see langword="null"/>.</summary>
    public string? Limitation { get; init; }
}
