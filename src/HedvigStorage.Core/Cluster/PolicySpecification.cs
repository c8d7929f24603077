namespace HedvigStorage;

/// <summary>A policy to make.</summary>
public record PolicySpecification
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the description; <see langword="null"/> is none.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the attributes.</summary>
    public VolumeAttributes Attributes { get; init; } = VolumeAttributes.None;

    /// <summary>Gets when snapshots of its volumes are taken; <see langword="null"/> is never.</summary>
    public SnapshotSchedule? SnapshotSchedule { get; init; }

    /// <summary>Gets the labels that it is made with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;
}

/// <summary>What to change of a policy. What is <see langword="null"/> stays.</summary>
public sealed record PolicyChange
{
    /// <summary>Gets the description to have.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the attributes to set.</summary>
    public VolumeAttributes Attributes { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the snapshot schedule to have.</summary>
    public SnapshotSchedule? SnapshotSchedule { get; init; }
}
