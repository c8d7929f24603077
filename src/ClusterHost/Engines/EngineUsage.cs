namespace HedvigStorage.ClusterHost.Engines;

/// <summary>
/// What is taken up: the storage as a whole, what is free of it, what volumes take, and what snapshots take beyond what they share.
/// </summary>
internal sealed record EngineUsage(long Size, long Free, long Allocated);
