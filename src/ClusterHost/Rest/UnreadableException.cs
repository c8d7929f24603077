namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Why a request cannot be read, and the HTTP status that says so.</summary>
internal sealed class UnreadableException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Gets whether the rest of what the client sends is not waited for.</summary>
    public bool EndsConnection { get; init; }
}
