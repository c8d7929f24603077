namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Where a volume lies.</summary>
internal sealed record VolumePlace(string Pool, VolumeType Type);
