namespace HedvigStorage.PluginHost.Native;

/// <summary>A mount of a loop device's file system that is not the plugin host's own: what a container sees of a volume.</summary>
/// <param name="ProcessId">A process that sees it.</param>
/// <param name="Mountpoint">Where that process sees it.</param>
/// <param name="Container">The id of the container that the process is in, or <see langword="null"/> if it is in none that is
/// known.</param>
internal sealed record DeviceHolder(int ProcessId, string Mountpoint, string? Container)
{
    private const int ShortId = 12;

    /// <summary>Says who it is, for people.</summary>
    public override string ToString() => Container is null
        ? $"process {ProcessId} (at '{ObjectName.Printable(Mountpoint)}')"
        : $"container {Container[..ShortId]} (process {ProcessId})";
}
