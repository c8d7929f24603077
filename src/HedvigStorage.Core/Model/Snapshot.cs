using System;

namespace HedvigStorage;

/// <summary>A point-in-time image of a volume.</summary>
public sealed record Snapshot
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the name, unique among the snapshots of the volume.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the identity that an outside system gave it (Hedvig: <c>openstackSID</c>), or <see langword="null"/>.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Gets the size of the volume when the snapshot was made.</summary>
    public required ByteSize Size { get; init; }

    /// <summary>Gets the bytes that the snapshot may keep from being freed.</summary>
    public ByteSize Allocated { get; init; }

    /// <summary>Gets the instant of the image.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Volume}@{Name}";
}
