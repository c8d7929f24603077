using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Native;

/// <summary>The calls of the C library that .NET does not offer. Constants are those of Linux on x86-64 and arm64.</summary>
internal static partial class LibC
{
    public const int NoEntry = 2;
    public const int NoDeviceOrAddress = 6;
    public const int WouldBlock = 11;
    public const int PermissionDenied = 13;
    public const int DeviceBusy = 16;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int NotEmpty = 39;
    public const int ReadOnlyFileSystem = 30;
    public const int BadMessage = 74;
    public const int NeedsCleaning = 117;

    private const string Library = "libc";
    private const int SeekData = 3;
    private const int SeekHole = 4;
    private const int AtFdCwd = -100;
    private const int StatusBytes = 256;
    private const uint BasicStatistics = 0x7ff;
    private const int MajorOffset = 0x88;
    private const int MinorOffset = 0x8c;
    private const int DoNotSynchronize = 0x4000;
    private const int FallocateKeepSize = 1;
    private const int FallocatePunchHole = 2;

    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>Names an error of the system, as <c>Device or resource busy</c>.</summary>
    public static string Describe(int error) => new Win32Exception(error).Message;

    public static IOException Failure(string what, int error) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what}: {Describe(error)} (error {error})."));

    /// <summary>Keeps a descriptor from the programs that this process starts.</summary>
    public static int SetCloseOnExec(int descriptor)
    {
        const int SetDescriptorFlags = 2;
        const int CloseOnExec = 1;
        return DescriptorControl(descriptor, SetDescriptorFlags, CloseOnExec);
    }

    public static bool IsRoot => EffectiveUserId() == 0;

    /// <summary>Waits until the content of a directory, such as a rename in it, is on disk.</summary>
    public static void SynchronizeDirectory(string path)
    {
        using var directory = Open(path, OpenFlags.Directory | OpenFlags.CloseOnExec, 0);
        if (directory.IsInvalid || SynchronizeFile(directory) != 0)
        {
            throw Failure($"The directory '{path}' could not be written to disk", LastError);
        }
    }

    /// <summary>Finds the start of the next data at or after an offset; <see langword="null"/> if there is none.</summary>
    public static long? NextData(SafeFileHandle file, long offset) => Seek(file, offset, SeekData);

    /// <summary>Finds the end of the data that an offset lies in.</summary>
    public static long? NextHole(SafeFileHandle file, long offset) => Seek(file, offset, SeekHole);

    /// <summary>
    /// Takes the lock of an open file for as long as its open file description lives, which a loop device that is set up over it shares. It keeps out nobody who does not ask for it too, and no other kind of lock.
    /// </summary>
    /// <returns><see langword="false"/> if somebody else has it.</returns>
    public static unsafe bool TryLock(SafeFileHandle file)
    {
        const int SetLock = 37; // F_OFD_SETLK of fcntl(2)
        FileLock wanted = default;
        wanted.Type = 1; // F_WRLCK
        if (DescriptorControl(file, SetLock, &wanted) == 0)
        {
            return true;
        }

        return LastError is WouldBlock or PermissionDenied ? false : throw Failure("A file could not be locked", LastError);
    }

    /// <summary>Gives the whole content of a file back to the file system: it reads as zeros from then on.</summary>
    public static void PunchHole(SafeFileHandle file, long offset, long length)
    {
        if (Fallocate(file, FallocateKeepSize | FallocatePunchHole, offset, length) != 0)
        {
            throw Failure("The content of the image could not be cleared", LastError);
        }
    }

    /// <summary>Tells which device a path lies on (major and minor number), or <see langword="null"/> if there is no such path.</summary>
    public static unsafe (uint Major, uint Minor)? DeviceOf(string path)
    {
        var buffer = stackalloc byte[StatusBytes];
        return Statx(AtFdCwd, path, DoNotSynchronize, BasicStatistics, buffer) == 0 ? (*(uint*)(buffer + MajorOffset), *(uint*)(buffer + MinorOffset)) : null;
    }

    /// <summary>Tells which file a path is: its inode, and its device in the one number that loop devices know it by; <see langword="null"/> if there is no such path.</summary>
    public static unsafe (ulong Device, ulong Inode)? IdentityOf(string path)
    {
        const int InodeOffset = 0x20;
        var buffer = stackalloc byte[StatusBytes];
        if (Statx(AtFdCwd, path, DoNotSynchronize, BasicStatistics, buffer) != 0)
        {
            return null;
        }

        // new_encode_dev of linux/kdev_t.h: 8 bits of the minor number, 12 of the major, the other 12 of the minor.
        var (major, minor) = (*(uint*)(buffer + MajorOffset), *(uint*)(buffer + MinorOffset));
        return ((minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12), *(ulong*)(buffer + InodeOffset));
    }

    /// <summary>Gets a path without symbolic links, or <see langword="null"/> (and <see cref="LastError"/>) if there is no such file.</summary>
    public static unsafe string? RealPath(string path)
    {
        const int MaximumPathBytes = 4096;
        var buffer = stackalloc byte[MaximumPathBytes];
        return RealPath(path, buffer) == 0 ? null : Marshal.PtrToStringUTF8((nint)buffer);
    }

    [LibraryImport(Library, EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint RealPath(string path, byte* buffer);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int DescriptorControl(int descriptor, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static unsafe partial int DescriptorControl(SafeFileHandle file, int command, FileLock* argument);

    [LibraryImport(Library, EntryPoint = "umask")]
    public static partial uint SetUmask(uint mask);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, OpenFlags flags, uint mode);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int SynchronizeFile(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SynchronizeData(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string fileSystem, nuint flags, string data);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unmount(string target, int flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Control(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    [LibraryImport(Library, EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    private static long? Seek(SafeFileHandle file, long offset, int whence)
    {
        var found = LSeek(file, offset, whence);
        if (found >= 0)
        {
            return found;
        }

        var error = LastError;
        return error == NoDeviceOrAddress ? null : throw Failure("The image could not be searched for data", error);
    }

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    private static partial long LSeek(SafeFileHandle file, long offset, int whence);

    [LibraryImport(Library, EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* buffer);

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

/// <summary>How a file is opened.</summary>
[Flags]
internal enum OpenFlags
{
    ReadOnly = 0,
    ReadWrite = 2,
    Create = 0x40,
    Directory = 0x10000,
    CloseOnExec = 0x80000,
}
