using System.Runtime.InteropServices;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>
/// Which folder a path leads to. One folder has many paths: through links, through another mount of the same file system, with <c>.</c> and
/// <c>..</c> in them.
/// </summary>
internal static class FolderIdentity
{
    private const int CurrentFolder = -100;
    private const uint Number = 0x100;

    /// <summary>
    /// Tells whether two paths lead to one folder. Where one of them leads to none, or it cannot be looked at, the paths are compared.
    /// </summary>
    /// <param name="path">A path.</param>
    /// <param name="other">A path.</param>
    public static bool AreSame(string path, string other) =>
        Platform.IsLinux && Look(path) is { } status && Look(other) is { } otherStatus
            ? (status.Inode, status.DeviceMajor, status.DeviceMinor) == (
                otherStatus.Inode, otherStatus.DeviceMajor, otherStatus.DeviceMinor)
            : string.Equals(Plain(path), Plain(other), Platform.IsWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static string Plain(string path) => Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar);

    private static Status? Look(string path)
    {
        try
        {
            return Statx(CurrentFolder, path, 0, Number, out var status) == 0 ? status : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, string path, int flags, uint mask, out Status status);

    /// <summary>The kernel's <c>struct statx</c>, whose layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
