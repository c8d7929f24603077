namespace HedvigStorage;

/// <summary>A named set of attributes.</summary>
public sealed record Policy
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the description.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Gets the attributes that the policy asks for.</summary>
    public VolumeAttributes Requested { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the attributes that the engine would give a volume of this policy.</summary>
    public VolumeAttributes Effective { get; init; } = VolumeAttributes.None;

    /// <summary>Gets the number of volumes that have this policy.</summary>
    public int VolumeCount { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
