namespace HedvigStorage.Client.Cluster;

/// <summary>A node was not reached, or its answer did not arrive.</summary>
internal sealed class TransportException : ClusterException
{
    public TransportException(string message, bool carriedOutPerhaps, Exception? innerException)
        : base(ErrorCode.Unreachable, message, innerException) => CarriedOutPerhaps = carriedOutPerhaps;

    /// <summary>Gets whether the same node would answer the same way again, so that only another one is worth asking.</summary>
    public bool Lasting { get; init; }

    /// <summary>Gets whether the request may have reached the node.</summary>
    public bool CarriedOutPerhaps { get; }
}
