using System.Threading;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>A request that has been read and, unless it logs in, belongs to a session.</summary>
internal sealed record RequestContext(string Type, Parameters Parameters, string? UserName, CancellationToken CancellationToken);
