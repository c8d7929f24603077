namespace HedvigStorage;

/// <summary>
/// The attributes that a policy names and a volume has. <see langword="null"/> is "not specified": it is never changed and never compared.
/// </summary>
public sealed record VolumeAttributes
{
    /// <summary>Attributes of which none is specified.</summary>
    public static VolumeAttributes None { get; } = new();

    /// <summary>Gets the number of replicas, 1 to 6.</summary>
    public int? ReplicationFactor { get; init; }

    /// <summary>Gets where replicas may lie.</summary>
    public ReplicationPolicy? ReplicationPolicy { get; init; }

    /// <summary>
    /// Gets the data centers that replicas may lie in. They have an effect with
    /// <see cref="HedvigStorage.ReplicationPolicy.DataCenterAware"/> only; Cinder sends them with any.
    /// </summary>
    public IReadOnlyList<string>? DataCenters { get; init; }

    /// <summary>Gets the kind of disk.</summary>
    public Residence? Residence { get; init; }

    /// <summary>Gets whether the client side caches reads.</summary>
    public bool? CacheEnabled { get; init; }

    /// <summary>Gets whether data is compressed (Hedvig: <c>compressed</c>).</summary>
    public bool? Compression { get; init; }

    /// <summary>Gets whether equal blocks are stored once; needs <see cref="Compression"/>.</summary>
    public bool? Deduplication { get; init; }

    /// <summary>Gets whether data is encrypted at rest; refused by an engine that cannot keep the promise.</summary>
    public bool? Encryption { get; init; }

    /// <summary>Gets whether no attribute is specified.</summary>
    public bool IsEmpty => AttributeTable.All.All(attribute => attribute.Get(this) is null);

    /// <summary>Lays these attributes over others: what is specified here wins.</summary>
    /// <param name="below">The attributes below, such as those of a policy.</param>
    public VolumeAttributes Over(VolumeAttributes below) => AttributeTable.All.Aggregate(
        below, (above, attribute) => attribute.Get(this) is { } value ? attribute.Set(above, value) : above);

    /// <summary>Refuses values outside their ranges and combinations that no cluster accepts.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public void Check()
    {
        if (ReplicationFactor is < 1 or > 6)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The replication factor {ReplicationFactor} is out of range: it is 1 to 6.");
        }

        if (Deduplication == true && Compression == false)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, "Deduplication needs compression: set compression to true, or deduplication to false.");
        }
    }

    /// <inheritdoc/>
    public bool Equals(VolumeAttributes? other) =>
        other is not null && AttributeTable.All.All(attribute => AttributeTable.SameValue(attribute.Get(this), attribute.Get(other)));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        (ReplicationFactor, ReplicationPolicy, Residence, CacheEnabled, Compression, Deduplication, Encryption).GetHashCode();

    /// <summary>Lists what is specified, as <c>name=value</c>.</summary>
    public override string ToString() => string.Join(", ", AttributeTable.All
        .Select(attribute => (attribute.Name, Value: attribute.Get(this)))
        .Where(pair => pair.Value is not null)
        .Select(pair => $"{pair.Name}={AttributeTable.Format(pair.Value)}"));
}
