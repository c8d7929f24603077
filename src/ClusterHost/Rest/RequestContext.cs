using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>A request that has been read and, unless it logs in, belongs to a session.</summary>
internal sealed record RequestContext(
    string Type, Parameters Parameters, Session? Session, RequestOrigin Origin, CancellationToken CancellationToken);
