namespace HedvigStorage;

/// <summary>A volume: a Hedvig virtual disk.</summary>
public sealed record Volume : ClusterObject
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Gets the identity that no other volume ever has, even one of the same name made later; <see langword="null"/> on a cluster that does
    /// not tell it.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Gets the type.</summary>
    public VolumeType Type { get; init; }

    /// <summary>Gets the size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Gets the bytes that the volume takes up on disk now, or <see langword="null"/> if the cluster does not tell.</summary>
    public long? Allocated { get; init; }

    /// <summary>Gets the policy's name, or <see langword="null"/> if the volume has none.</summary>
    public string? Policy { get; init; }

    /// <summary>Gets the attributes that were asked for: the volume's own over those of its policy.</summary>
    public VolumeAttributes Requested { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the attributes that the engine really gives.</summary>
    public VolumeAttributes Effective { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the file system that the first mount makes.</summary>
    public VolumeFileSystem FileSystem { get; init; }

    /// <summary>Gets the user id that owns the root directory, or <see langword="null"/> for root.</summary>
    public int? Uid { get; init; }

    /// <summary>Gets the group id that owns the root directory, or <see langword="null"/> for root.</summary>
    public int? Gid { get; init; }

    /// <summary>Gets the permission bits of the root directory, or <see langword="null"/> for 0755.</summary>
    public int? Mode { get; init; }

    /// <summary>Gets whether the cluster refuses to remove or revert the volume.</summary>
    public bool Protected { get; init; }

    /// <summary>Gets whether another host may take it over from one that has not given its lease back.</summary>
    public TakeoverPolicy Takeover { get; init; }

    /// <summary>Gets the description.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Gets when the volume was made, or <see langword="null"/> if the cluster does not tell.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the volume that this one was cloned from, or <see langword="null"/>.</summary>
    public string? SourceVolume { get; init; }

    /// <summary>Gets the snapshot that this one was cloned from, or <see langword="null"/>.</summary>
    public string? SourceSnapshot { get; init; }

    /// <summary>Gets the labels; empty on a cluster that has none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;

    /// <summary>Gets the number of its snapshots.</summary>
    public int SnapshotCount { get; init; }

    /// <summary>Gets the lease of the host that writes the volume, or <see langword="null"/> if none does.</summary>
    public Attachment? Attachment { get; init; }

    /// <summary>
    /// Gets what is wrong with what the cluster has stored of the volume, as a sentence, or <see langword="null"/> if nothing is known to
    /// be. A damaged volume is neither attached nor copied.
    /// </summary>
    public string? Damage { get; init; }

    /// <summary>
    /// Gets how much of the volume lies where its policy asks for, in percent from 0 to 100, while the cluster moves it there, or
    /// <see langword="null"/> if it is not being moved.
    /// </summary>
    public int? MovedPercent { get; init; }

    /// <summary>Gets whether a host has the volume attached.</summary>
    public bool Attached => Attachment is not null;

    /// <inheritdoc/>
    public override ClusterObject From(ClusterOrigin origin) =>
        this with { ClusterOrigin = origin, Attachment = Attachment is null ? null : Attachment with { ClusterOrigin = origin } };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
