using System.Net;
using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Where a request came from.</summary>
/// <param name="RequestId">Its identity, in the answer and in the logs.</param>
/// <param name="Peer">The connection that it came over.</param>
internal sealed record RequestOrigin(string RequestId, Peer Peer)
{
    /// <summary>Gets the client's address.</summary>
    public IPAddress Address => Peer.Address;
}
