namespace HedvigStorage.ClusterHost.Engines;

/// <summary>What an engine is told of a volume that it makes.</summary>
/// <param name="Id">The volume.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Type">Whether it is for one host or for several.</param>
/// <param name="Requested">What was asked for, the policy's attributes included.</param>
internal sealed record NewVolume(string Id, long Size, VolumeType Type, VolumeAttributes Requested);
