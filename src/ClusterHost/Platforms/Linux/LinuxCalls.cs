using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>The system calls that .NET does not offer.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxCalls
{
    public const int AtFdcwd = -100;
    public const int OpenDirectory = 0x10000 | 0x80000;
    public const int OpenReadOnlyCloseOnExec = 0x80000;
    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ENXIO = 6;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int EXDEV = 18;
    public const int EINVAL = 22;
    public const int EFBIG = 27;
    public const int ENOSPC = 28;
    public const int EDQUOT = 122;
    public const nuint FiClone = 0x40049409;
    public const nuint FiFreeze = 0xC0045877;
    public const nuint FiThaw = 0xC0045878;

    private const int EmptyPath = 0x1000;
    private const int SetSignalCommand = 10;
    private const nint SigUrg = 23;
    private const int SetLeaseCommand = 1024;
    private const int GetLeaseCommand = 1025;
    private const nint ReadLease = 0;
    private const nint WriteLease = 1;

    // STATX_MTIME | STATX_CTIME
    private const uint StatxTimes = 0x40 | 0x80;

    // STATX_BLOCKS | STATX_SIZE | STATX_INO
    private const uint StatxWanted = 0x400 | 0x200 | 0x100;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "truncate", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Truncate(string path, long length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Clone(SafeFileHandle target, nuint request, nint sourceDescriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyRange(SafeFileHandle source, ref long sourceOffset, SafeFileHandle target, ref long targetOffset, nuint length, uint flags);

    /// <summary>Tells the size and the bytes allocated of a file.</summary>
    /// <returns>Whether the file is there.</returns>
    public static bool TryGetStatus(string path, out FileStatus status)
    {
        var found = Statx(AtFdcwd, path, 0, StatxWanted, out var buffer) == 0;
        status = found ? new FileStatus(buffer.Size, buffer.Blocks * 512, buffer.Number) : default;
        return found;
    }

    /// <summary>
    /// Tells whether surely nobody has a file open for writing, in a few microseconds: the kernel grants a write lease only then. A loop
    /// device holds its image open. When it cannot be told, for want of rights or leases, the answer is no.
    /// </summary>
    public static bool IsOpenNowhere(string path)
    {
        var descriptor = Open(path, OpenReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            return false;
        }

        // Who opens the file while we hold the lease makes the kernel send us a signal. The usual one, SIGIO, would end the process.
        var granted = SetLease(descriptor, SetSignalCommand, SigUrg) == 0 && SetLease(descriptor, SetLeaseCommand, WriteLease) == 0;
        _ = Close(descriptor);
        return granted;
    }

    /// <summary>Takes a lease of a file that was opened for reading: as long as it is held, and the file open, whoever opens the file for writing waits.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="code">The error: <see cref="EAGAIN"/> when somebody has the file open for writing.</param>
    public static bool TryLeaseForReading(int descriptor, out int code)
    {
        var granted = SetLease(descriptor, SetSignalCommand, SigUrg) == 0 && SetLease(descriptor, SetLeaseCommand, ReadLease) == 0;
        code = granted ? 0 : Marshal.GetLastPInvokeError();
        return granted;
    }

    /// <summary>Tells whether nobody has tried to open the file for writing since <see cref="TryLeaseForReading"/>.</summary>
    public static bool HasLeaseForReading(int descriptor) => SetLease(descriptor, GetLeaseCommand, 0) == (int)ReadLease;

    /// <summary>Tells when a file was changed last, or <see langword="null"/> if it is not there.</summary>
    public static FileChange? GetChange(string path) => Statx(AtFdcwd, path, 0, StatxTimes, out var buffer) == 0
        ? new FileChange(((Int128)buffer.ContentSeconds * 1_000_000_000) + buffer.ContentNanoseconds, ((Int128)buffer.ChangeSeconds * 1_000_000_000) + buffer.ChangeNanoseconds)
        : null;

    /// <summary>Tells the device of the file system that an open file is on, as the kernel writes it: <c>7:3</c>.</summary>
    public static string? GetDevice(int descriptor) => Statx(descriptor, string.Empty, EmptyPath, 0, out var buffer) == 0
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{buffer.DeviceMajor}:{buffer.DeviceMinor}")
        : null;

    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetAttribute(string path, string name, Span<byte> value, nuint size);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetAttribute(string path, string name, ReadOnlySpan<byte> value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int SetLease(int descriptor, int command, nint lease);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>The kernel's <c>struct statx</c>, whose layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(32)]
        public long Number;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(48)]
        public long Blocks;

        [FieldOffset(96)]
        public long ChangeSeconds;

        [FieldOffset(104)]
        public uint ChangeNanoseconds;

        [FieldOffset(112)]
        public long ContentSeconds;

        [FieldOffset(120)]
        public uint ContentNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
