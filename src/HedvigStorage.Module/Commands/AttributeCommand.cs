namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has that takes attributes. What is not given is not specified: it is never changed.</summary>
public abstract class AttributeCommand : BulkCommand
{
    private protected AttributeCommand()
    {
    }

    /// <summary>Gets or sets the number of replicas, 1 to 6.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumberTransformation("replication factor", 1, 6)]
    public int? ReplicationFactor { get; set; }

    /// <summary>Gets or sets where replicas may lie.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WordTransformation(typeof(ReplicationPolicy), "replication policy")]
    public ReplicationPolicy? ReplicationPolicy { get; set; }

    /// <summary>Gets or sets the data centers of the replication policy <c>DataCenterAware</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("DataCenters")]
    [ValidateNotNull]
    public string[]? DataCenter { get; set; }

    /// <summary>Gets or sets the kind of disk.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WordTransformation(typeof(Residence), "residence")]
    public Residence? Residence { get; set; }

    /// <summary>Gets or sets whether the client side caches reads.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public bool? CacheEnabled { get; set; }

    /// <summary>Gets or sets whether data is compressed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public bool? Compression { get; set; }

    /// <summary>Gets or sets whether equal blocks are stored once; it needs compression.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public bool? Deduplication { get; set; }

    /// <summary>Gets or sets whether data is encrypted at rest. An engine that cannot keep the promise refuses it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public bool? Encryption { get; set; }

    private protected VolumeAttributes Attributes => new()
    {
        ReplicationFactor = ReplicationFactor,
        ReplicationPolicy = ReplicationPolicy,
        DataCenters = DataCenter,
        Residence = Residence,
        CacheEnabled = CacheEnabled,
        Compression = Compression,
        Deduplication = Deduplication,
        Encryption = Encryption,
    };
}
