namespace HedvigStorage;

/// <summary>A point-in-time image of a volume.</summary>
public sealed record Snapshot : ClusterObject
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the name, unique among the snapshots of the volume.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the identity that an outside system gave it (Hedvig: <c>openstackSID</c>), or <see langword="null"/>.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Gets the size in bytes of the volume when the snapshot was made.</summary>
    public required long Size { get; init; }

    /// <summary>Gets the bytes that the snapshot may keep from being freed.</summary>
    public long Allocated { get; init; }

    /// <summary>Gets the instant of the image.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Gets the schedule that took it, or <see langword="null"/> if somebody did. Only scheduled ones are removed when they are old.
    /// </summary>
    public SnapshotFrequency? Frequency { get; init; }

    /// <summary>Gets the labels; empty on a cluster that has none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;

    /// <inheritdoc/>
    public override string ToString() => $"{Volume}@{Name}";
}
