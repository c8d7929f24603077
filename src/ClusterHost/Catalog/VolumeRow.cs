namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>Where an object stands between begun and done.</summary>
internal enum ObjectState
{
    Ready = 0,
    Creating = 1,
    Deleting = 2,
}

/// <summary>A volume in the catalog. The model's <see cref="Volume.Requested"/> holds the own attributes over the policy's.</summary>
internal sealed record VolumeRow
{
    public required string Id { get; init; }

    public required ObjectState State { get; init; }

    public required Volume Model { get; init; }

    /// <summary>Gets the volume's own attributes, without those of its policy.</summary>
    public required VolumeAttributes Own { get; init; }

    /// <summary>Gets the size of a resize that has begun.</summary>
    public long? PendingSize { get; init; }

    /// <summary>Gets the id of the snapshot of a revert that has begun.</summary>
    public string? RevertingTo { get; init; }

    /// <summary>Gets the id of the volume that this clone was made from.</summary>
    public string? SourceId { get; init; }

    /// <summary>Gets the bytes that the clone shared with its source when it was made.</summary>
    public long Shared { get; init; }

    /// <summary>Gets what the engine remembers of it, if nobody has written it since.</summary>
    public string? Seal { get; init; }

    /// <summary>Gets the generation of its last lease.</summary>
    public long Generation { get; init; }
}

/// <summary>A snapshot in the catalog.</summary>
internal sealed record SnapshotRow(string Id, string VolumeId, ObjectState State, Snapshot Model)
{
    /// <summary>Gets what the engine remembers of it, or <see langword="null"/>.</summary>
    public string? Seal { get; init; }
}
