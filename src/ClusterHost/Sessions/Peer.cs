using System.Net;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>The two ends of the connection that a client speaks over.</summary>
/// <param name="Client">The client's end.</param>
/// <param name="Server">The end here.</param>
internal sealed record Peer(IPEndPoint Client, IPEndPoint Server)
{
    /// <summary>Gets the client's address.</summary>
    public IPAddress Address => Client.Address;

    /// <summary>Gets whether the client is on this machine.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Client.Address);

    /// <summary>Makes the peer of a connection of which nothing more than the client's address is known.</summary>
    public static Peer At(IPAddress address) => new(new IPEndPoint(address, 0), new IPEndPoint(IPAddress.None, 0));
}
