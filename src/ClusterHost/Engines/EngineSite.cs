using HedvigStorage.ClusterHost.Images;

namespace HedvigStorage.ClusterHost.Engines;

/// <summary>What an engine is opened with.</summary>
/// <param name="Directory">The data directory.</param>
/// <param name="Limits">How long a copy of an image that is in use may take from others.</param>
/// <param name="Cluster">The cluster's identity.</param>
internal sealed record EngineSite(string Directory, CopyLimits Limits, string Cluster);
