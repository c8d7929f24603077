using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>The directory that a volume is mounted at.</summary>
internal static class MountDirectory
{
    /// <summary>How long a device may take to become free when nothing uses it any longer.</summary>
    public static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private const int NoFollow = 8;

    /// <summary>Unmounts what is mounted there. It blocks.</summary>
    /// <param name="mountpoint">The directory.</param>
    /// <param name="limit">How long to go on trying while it is busy.</param>
    /// <exception cref="ClusterException">It cannot be unmounted.</exception>
    public static void Unmount(string mountpoint, TimeSpan limit)
    {
        var error = 0;
        var unmounted = Waiting.Until(
            () =>
            {
                error = TryUnmount(mountpoint);
                return error != ErrorNumber.DeviceBusy;
            },
            limit);
        if (!unmounted)
        {
            throw new ClusterException(
                ErrorCode.Busy, $"'{mountpoint}' is still in use by a process after {limit.TotalSeconds:0} s of trying to unmount it.");
        }

        // Invalid argument: it is no longer a mountpoint, so another has unmounted it meanwhile.
        if (error is not (0 or ErrorNumber.InvalidArgument))
        {
            throw new ClusterException(ErrorCode.Internal, $"'{mountpoint}' could not be unmounted: {LibC.Describe(error)}.");
        }
    }

    /// <summary>Unmounts what is mounted there, once.</summary>
    /// <param name="mountpoint">The directory.</param>
    /// <returns>0, or the system's error.</returns>
    public static int TryUnmount(string mountpoint) => LibC.Unmount(mountpoint, NoFollow) == 0 ? 0 : LibC.LastError;

    /// <summary>Removes the directory once nothing is mounted there.</summary>
    /// <param name="mountpoint">The directory.</param>
    public static void Remove(string mountpoint)
    {
        try
        {
            Directory.Delete(mountpoint);
        }
        catch (IOException)
        {
            // Gone already, or not empty since someone wrote under it while nothing was mounted: that is not ours to remove.
        }
    }
}
