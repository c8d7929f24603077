namespace HedvigStorage.ClusterHost.Rest;

/// <summary>How much one client may take of the server, so that none keeps it from another.</summary>
internal sealed record ServerLimits
{
    /// <summary>Gets the most connections from other machines.</summary>
    public int RemoteConnections { get; init; } = 2000;

    /// <summary>Gets the most connections from one address of another machine.</summary>
    public int ConnectionsOfOneAddress { get; init; } = 500;

    /// <summary>Gets the most connections from this machine, which others cannot use up.</summary>
    public int LoopbackConnections { get; init; } = 2000;

    /// <summary>Gets the longest body in bytes.</summary>
    public int BodyBytes { get; init; } = RequestParser.MaximumLength;

    public int RequestLineBytes { get; init; } = 32 << 10;

    public int Headers { get; init; } = 64;

    public int HeaderBytes { get; init; } = 16 << 10;

    public int StreamsOfOneConnection { get; init; } = 100;

    /// <summary>Gets how long a connection may be idle. Longer than clients keep theirs, so that they, not the server, end it.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan HeadersTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long a body may take, however steadily it comes.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the bytes a second below which a body or the reading of an answer is given up after some seconds' grace.</summary>
    public double SlowestRate { get; init; } = 240;
}
