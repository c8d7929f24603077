namespace HedvigStorage;

/// <summary>An export: a file volume, mounted on a target.</summary>
public sealed record Export : ClusterObject
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the target's name.</summary>
    public required string Target { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Target}:{Volume}";
}
