namespace HedvigStorage.Client.Cluster;

/// <summary>A node and the session on it. Hedvig's own clients keep a session for each node, so this one does.</summary>
internal sealed class NodeSession(Uri address) : IDisposable
{
    /// <summary>Gets the address as it was given.</summary>
    public Uri Address { get; } = address;

    /// <summary>Gets where requests go.</summary>
    public Uri Endpoint { get; } = new(new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), "rest/");

    /// <summary>Gets the gate that lets one log-in through at a time.</summary>
    public SemaphoreSlim LoginGate { get; } = new(1, 1);

    /// <summary>Gets or sets the session's id, <see langword="null"/> if there is none.</summary>
    public string? SessionId { get; set; }

    public void Dispose() => LoginGate.Dispose();
}
