using System.Net;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Where a request came from.</summary>
/// <param name="RequestId">Its identity, in the answer and in the logs.</param>
/// <param name="Address">The client's address.</param>
internal sealed record RequestOrigin(string RequestId, IPAddress Address);
