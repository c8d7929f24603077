namespace HedvigStorage;

/// <summary>A LUN: a block volume, mapped on a target.</summary>
public sealed record Lun : ClusterObject
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the target's name.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the number, which no other LUN of the target has; never negative.</summary>
    public int Number { get; init; }

    /// <summary>Gets whether it can only be read; <see langword="null"/> on a cluster that does not tell it.</summary>
    public bool? ReadOnly { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Target}:{Number}";
}
