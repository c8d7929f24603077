namespace HedvigStorage;

/// <summary>What a cluster says of itself as a whole.</summary>
public sealed record ClusterInformation
{
    /// <summary>Gets the cluster's name, or <see langword="null"/> if it does not tell.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the bytes that volumes and snapshots can take up in all.</summary>
    public long Total { get; init; }

    /// <summary>Gets the bytes that volumes and snapshots take up now.</summary>
    public long Used { get; init; }

    /// <summary>
    /// Gets the bytes promised: the sizes of all volumes and what snapshots may hold; <see langword="null"/> if the cluster does not tell.
    /// </summary>
    public long? Provisioned { get; init; }

    /// <summary>
    /// Gets how many times <see cref="Total"/> may be promised; 0 is without limit; <see langword="null"/> if the cluster does not tell.
    /// </summary>
    public double? Overcommit { get; init; }

    /// <summary>Gets the free bytes below which creates and snapshots stop.</summary>
    public long? Reserve { get; init; }

    /// <summary>Gets the free bytes of the storage underneath.</summary>
    public long? Free { get; init; }

    /// <summary>Gets the number of volumes.</summary>
    public int? VolumeCount { get; init; }

    /// <summary>Gets the node names, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Gets whether the cluster says that it is healthy.</summary>
    public bool Healthy { get; init; } = true;

    /// <summary>Gets what is wrong, in words; empty when healthy.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
