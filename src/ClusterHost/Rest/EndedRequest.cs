using System.Net;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>A request that has been answered: what logs and metrics tell of it. It has no parameters, for those may be secret.</summary>
/// <param name="RequestId">Its identity.</param>
/// <param name="Type">Its type, <see langword="null"/> if it is none that is known.</param>
/// <param name="Changes">Whether it is one that changes something.</param>
/// <param name="User">Who sent it, <see langword="null"/> if that is not known.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Outcome"><c>ok</c>, <c>session-failure</c>, or the name of the error code.</param>
/// <param name="Elapsed">From the first byte that was read to the answer.</param>
internal readonly record struct EndedRequest(
    string RequestId, string? Type, bool Changes, string? User, IPAddress Address, string Outcome, TimeSpan Elapsed);
