namespace HedvigStorage;

/// <summary>A named set of attributes.</summary>
public sealed record Policy : ClusterObject
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the description.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Gets the attributes that the policy asks for.</summary>
    public VolumeAttributes Requested { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the attributes that the engine would give a volume of this policy.</summary>
    public VolumeAttributes Effective { get; init; } = VolumeAttributes.None;

    /// <summary>Gets when snapshots of its volumes are taken.</summary>
    public SnapshotSchedule SnapshotSchedule { get; init; } = SnapshotSchedule.None;

    /// <summary>Gets the labels; empty on a cluster that has none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;

    /// <summary>Gets the number of volumes that have this policy.</summary>
    public int VolumeCount { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
