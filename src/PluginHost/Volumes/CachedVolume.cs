using HedvigStorage.Protocol;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>A line of the volume cache's file: a volume as it is now, or the name of one that is gone.</summary>
internal sealed record CachedVolume
{
    public VolumeMessage? Volume { get; init; }

    public string? Removed { get; init; }
}
