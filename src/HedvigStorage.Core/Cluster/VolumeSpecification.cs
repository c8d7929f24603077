namespace HedvigStorage;

/// <summary>A volume to make: blank, or a clone of <see cref="SourceVolume"/> or of one of its snapshots.</summary>
public record VolumeSpecification
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the size; for a clone <see langword="null"/> is the source's.</summary>
    public ByteSize? Size { get; init; }

    /// <summary>Gets the type; <see langword="null"/> is <see cref="VolumeType.Block"/>, or the source's.</summary>
    public VolumeType? Type { get; init; }

    /// <summary>Gets the policy; <see langword="null"/> is none, or the source's.</summary>
    public string? Policy { get; init; }

    /// <summary>Gets the volume's own attributes, which go over those of the policy.</summary>
    public VolumeAttributes Attributes { get; init; } = VolumeAttributes.None;

    /// <summary>
    /// Gets the file system that the first mount makes; <see langword="null"/> is <see cref="VolumeFileSystem.Ext4"/>, or the source's.
    /// </summary>
    public VolumeFileSystem? FileSystem { get; init; }

    /// <summary>Gets the user id that is to own the root directory.</summary>
    public int? Uid { get; init; }

    /// <summary>Gets the group id that is to own the root directory.</summary>
    public int? Gid { get; init; }

    /// <summary>Gets the permission bits of the root directory, 0 to 07777.</summary>
    public int? Mode { get; init; }

    /// <summary>Gets whether the cluster refuses to remove or revert it.</summary>
    public bool? Protected { get; init; }

    /// <summary>
    /// Gets whether another host may take it over from one that has not given its lease back; <see langword="null"/> is never, or as the
    /// source.
    /// </summary>
    public TakeoverPolicy? Takeover { get; init; }

    /// <summary>Gets the description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the labels that it is made with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;

    /// <summary>Gets the volume to clone.</summary>
    public string? SourceVolume { get; init; }

    /// <summary>Gets the snapshot of <see cref="SourceVolume"/> to clone; <see langword="null"/> clones the volume as it is now.</summary>
    public string? SourceSnapshot { get; init; }
}

/// <summary>What to change of a volume in place.</summary>
public sealed record VolumeChange
{
    /// <summary>Gets the policy to have; empty is none.</summary>
    public string? Policy { get; init; }

    /// <summary>Gets the volume's own attributes to set.</summary>
    public VolumeAttributes Attributes { get; init; } = VolumeAttributes.None;

    /// <summary>
    /// Gets whether another host may take it over from one that has not given its lease back; <see langword="null"/> is as it is.
    /// </summary>
    public TakeoverPolicy? Takeover { get; init; }

    /// <summary>Gets the description to have.</summary>
    public string? Description { get; init; }

    /// <summary>Gets whether the cluster refuses to remove or revert it.</summary>
    public bool? Protected { get; init; }

    /// <summary>Gets whether nothing is to change.</summary>
    public bool IsEmpty => Policy is null && Attributes.IsEmpty && Description is null && Protected is null && Takeover is null;
}
