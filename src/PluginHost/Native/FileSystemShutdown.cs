using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Native;

/// <summary>
/// Ends all writing to a mounted file system at once and for good: whatever is open in it fails from then on. Source: linux/ext4.h and
/// xfs_fs.h, FS_IOC_SHUTDOWN; both file systems know it.
/// </summary>
internal static class FileSystemShutdown
{
    private const nuint Shutdown = 0x8004587D;

    // What is still in memory belongs to a volume that another host may have changed: it must not be written any more.
    private const uint WithoutFlushingTheLog = 2;

    /// <summary>Shuts a file system down. It blocks.</summary>
    /// <param name="mountpoint">Where it is mounted.</param>
    /// <exception cref="System.IO.IOException">It cannot be done.</exception>
    public static unsafe void Run(string mountpoint)
    {
        var flags = WithoutFlushingTheLog;
        using var root = LibC.Open(mountpoint, OpenFlags.Directory | OpenFlags.CloseOnExec);
        if (root.IsInvalid || LibC.Control(root, Shutdown, &flags) != 0)
        {
            throw LibC.Failure($"Writing to '{mountpoint}' could not be stopped", LibC.LastError);
        }
    }
}
