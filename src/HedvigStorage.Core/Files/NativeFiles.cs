using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.Files;

/// <summary>The few calls of Unix that .NET Standard does not offer. Flags are those of Linux on x86-64 and arm64.</summary>
internal static class NativeFiles
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int Directory = 0x10000;
    private const int CloseOnExec = 0x80000;

    /// <summary>Makes a file that has its mode from the first moment on; <see langword="null"/> if it cannot be made.</summary>
    public static SafeFileHandle? CreateNew(string path, int mode)
    {
        var file = Open(Bytes(path), WriteOnly | Create | Exclusive | CloseOnExec, mode);
        if (!file.IsInvalid)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Opens a folder, to be flushed.</summary>
    public static SafeFileHandle OpenFolder(string path) => Open(Bytes(path), Directory | CloseOnExec, 0);

    /// <summary>Waits until an open file or folder is on disk.</summary>
    public static bool Synchronize(SafeFileHandle file) => Fsync(file) == 0;

    /// <summary>Renames a file over what bears the name.</summary>
    public static bool Rename(string from, string to) => RenameFile(Bytes(from), Bytes(to)) == 0;

    /// <summary>Sets the permissions of a file or folder.</summary>
    public static bool ChangeMode(string path, int mode) => Chmod(Bytes(path), (uint)mode) == 0;

    /// <summary>Makes the exception of an error.</summary>
    public static IOException Failure(string what, int error) => new($"{what}: {new Win32Exception(error).Message}", error);

    // File names of Unix are bytes, which .NET reads as UTF-8.
    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameFile(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "chmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chmod(byte[] path, uint mode);
}
