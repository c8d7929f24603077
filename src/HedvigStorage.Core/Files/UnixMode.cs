using System.Runtime.InteropServices;

namespace HedvigStorage.Files;

/// <summary>The permissions of files and folders where the system has such; .NET Standard has no name for them.</summary>
public static class UnixMode
{
    /// <summary>Sets the permissions of a file or folder; on Windows nothing happens.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="mode">The permissions, such as <see cref="DurableFile.OwnerOnly"/>.</param>
    /// <exception cref="IOException">They cannot be set; the HResult is the system's error.</exception>
    public static void Set(string path, int mode)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && !NativeFiles.ChangeMode(path, mode))
        {
            throw NativeFiles.Failure($"The permissions of '{path}' cannot be set", Marshal.GetLastWin32Error());
        }
    }
}
