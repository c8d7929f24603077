using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>What the file systems' own tools say of an image that is not mounted.</summary>
internal static class FileSystemTool
{
    /// <summary>Checks a file system without changing it; 0 if it is whole.</summary>
    public static int Check(string fileSystem, string image) => string.Equals(fileSystem, "xfs", StringComparison.Ordinal)
        ? ChildProcess.Run("xfs_repair", "-n", image).Status
        : ChildProcess.Run("e2fsck", "-fn", image).Status;
}
