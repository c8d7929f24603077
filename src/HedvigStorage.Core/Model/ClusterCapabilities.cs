namespace HedvigStorage;

/// <summary>What a cluster and its engine can do.</summary>
public sealed record ClusterCapabilities
{
    /// <summary>Gets the engine: <c>Embedded</c>, <c>Ceph</c>, or <c>Hedvig</c> for a cluster that does not know the extension.</summary>
    public required string Engine { get; init; }

    /// <summary>Gets the version of the cluster's software, or <see langword="null"/>.</summary>
    public string? Version { get; init; }

    /// <summary>Gets whether the cluster answers the requests of category <c>HedvigStorage</c>.</summary>
    public bool Extension { get; init; }

    /// <summary>Gets the volume types that can be made.</summary>
    public IReadOnlyList<VolumeType> VolumeTypes { get; init; } = [];

    /// <summary>Gets the names of the attributes that the engine honours; others are recorded as requested only.</summary>
    public IReadOnlyList<string> HonouredAttributes { get; init; } = [];

    /// <summary>
    /// Gets the types whose volumes stay where they were made: other attributes that the engine honours need another volume.
    /// </summary>
    public IReadOnlyList<VolumeType> FixedPlacementTypes { get; init; } = [];

    /// <summary>Gets whether the cluster refuses placements that its storage cannot give, and tells so beforehand.</summary>
    public bool PlacementChecks { get; init; }

    /// <summary>Gets whether objects carry labels, by which a configuration knows its own.</summary>
    public bool Labels { get; init; }

    /// <summary>Gets whether the cluster takes snapshots on the schedule of a policy.</summary>
    public bool SnapshotSchedules { get; init; }

    /// <summary>Gets whether many volumes can be made by one request.</summary>
    public bool VolumeBatches { get; init; }

    /// <summary>Gets whether snapshots and clones share data with their source.</summary>
    public bool SharesData { get; init; }

    /// <summary>Gets whether only hosts on the cluster's own machine can attach volumes.</summary>
    public bool OwnMachineOnly { get; init; }

    /// <summary>Gets the smallest volume.</summary>
    public long MinimumVolumeSize { get; init; }

    /// <summary>Gets the largest volume.</summary>
    public long MaximumVolumeSize { get; init; }
}
