using System.Runtime.InteropServices;

namespace HedvigStorage.Files;

/// <summary>Makes what a folder lists durable: files that were made, renamed or removed in it.</summary>
public static class DurableFolder
{
    private const int PermissionDenied = 13;
    private const int InvalidArgument = 22;

    /// <summary>
    /// Waits until what a folder of Linux lists is on disk (fsync(2)); other systems keep such changes in the journal of the file system.
    /// Folders that cannot be flushed, by a process that may not list them or on a file system that has no such thing, are left alone.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be written to disk; the HResult is the system's error.</exception>
    public static void Flush(string path)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
        {
            return;
        }

        using var folder = NativeFiles.OpenFolder(path);
        var error = folder.IsInvalid || !NativeFiles.Synchronize(folder) ? Marshal.GetLastWin32Error() : 0;
        if (error is not (0 or PermissionDenied or InvalidArgument))
        {
            throw NativeFiles.Failure($"The folder '{path}' cannot be written to disk", error);
        }
    }
}
