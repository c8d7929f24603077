using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.Linux;

/// <summary>
/// The lock of an open file: F_OFD_SETLK of fcntl(2). It lives as long as the open file description, which a loop device that is set up
/// over the file shares. It keeps out nobody who does not ask for it too, and no other kind of lock.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class OpenFileLock
{
    private const int SetLock = 37;
    private const short WriteLock = 1;

    /// <summary>Takes the lock.</summary>
    /// <param name="file">The open file.</param>
    /// <returns><see langword="false"/> if somebody else has it.</returns>
    /// <exception cref="IOException">It cannot be locked.</exception>
    public static unsafe bool TryTake(SafeFileHandle file)
    {
        FileLock wanted = default;
        wanted.Type = WriteLock;
        if (LibC.DescriptorControl(file, SetLock, &wanted) == 0)
        {
            return true;
        }

        var error = LibC.LastError;
        return error is ErrorNumber.WouldBlock or ErrorNumber.PermissionDenied
            ? false
            : throw LibC.Failure("A file could not be locked", error);
    }

    // struct flock of fcntl(2).
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int ProcessId;
    }
}
