using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.Linux;

/// <summary>Loop devices: block devices whose content is a file (loop(4), linux/loop.h).</summary>
[SupportedOSPlatform("linux")]
internal static class LoopDevice
{
    /// <summary>The major number of all loop devices.</summary>
    public const uint Major = 7;

    private const nuint GetFree = 0x4C82;
    private const nuint Configure = 0x4C0A;
    private const nuint GetStatus = 0x4C05;
    private const nuint SetCapacity = 0x4C07;
    private const nuint GetSize = 0x80081272;
    private const uint AutoClear = 4;

    /// <summary>Gets the path of a loop device.</summary>
    /// <param name="number">Its minor number.</param>
    public static string PathOf(uint number) => string.Create(CultureInfo.InvariantCulture, $"/dev/loop{number}");

    /// <summary>Finds the loop device whose content is a file, whoever set it up.</summary>
    /// <param name="image">The file, as the kernel names it: absolute, without symbolic links.</param>
    /// <returns>Its number, or <see langword="null"/> if there is none.</returns>
    public static uint? Find(string image)
    {
        foreach (var number in Numbers())
        {
            if (Has(number, image))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Lists the numbers of all loop devices, with and without content.</summary>
    public static IEnumerable<uint> Numbers()
    {
        foreach (var directory in Directory.EnumerateFileSystemEntries("/sys/block", "loop*"))
        {
            var digits = Path.GetFileName(directory.AsSpan())["loop".Length..];
            if (uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                yield return number;
            }
        }
    }

    /// <summary>Tells whether a file is the content of a loop device, also of one whose file has been removed since.</summary>
    /// <param name="number">The device's number.</param>
    /// <param name="image">The file, as the kernel names it: absolute, without symbolic links.</param>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static bool Has(uint number, string image)
    {
        const string Removed = " (deleted)";
        if (ImageOf(number) is not { } current)
        {
            return false;
        }

        // The kernel names the file as it was seen by who set the device up. When that mount namespace is gone, as a managed plugin's is
        // after each of its ends, only the path below its bind mount is left: then it is the file itself that must be compared.
        return string.Equals(current, image, StringComparison.Ordinal)
            || string.Equals(current, image + Removed, StringComparison.Ordinal)
            || (string.Equals(Path.GetFileName(current), Path.GetFileName(image), StringComparison.Ordinal) && IsSameFile(number, image));
    }

    /// <summary>Tells which file is the content of a loop device, or <see langword="null"/> if it has none.</summary>
    /// <param name="number">The device's number.</param>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static unsafe string? ImageOf(uint number)
    {
        const int PageBytes = 4096;
        var path = string.Create(CultureInfo.InvariantCulture, $"/sys/block/loop{number}/loop/backing_file");
        using var file = LibC.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        if (file.IsInvalid)
        {
            return LibC.LastError == ErrorNumber.NoEntry ? null : throw LibC.Failure($"'{path}' could not be read", LibC.LastError);
        }

        // An attribute in sysfs is at most a page, and one read gives it whole; it fails or is empty if the device is freed meanwhile.
        var buffer = stackalloc byte[PageBytes];
        var length = LibC.Read(file, buffer, PageBytes);
        return length > 1 ? Encoding.UTF8.GetString(buffer, (int)length).TrimEnd('\n') : null;
    }

    /// <summary>Opens a loop device.</summary>
    /// <param name="number">Its number.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(uint number)
    {
        var device = LibC.Open(PathOf(number), OpenFlags.ReadWrite | OpenFlags.CloseOnExec);
        if (device.IsInvalid)
        {
            var error = LibC.LastError;
            device.Dispose();
            throw LibC.Failure($"{PathOf(number)} could not be opened", error);
        }

        return device;
    }

    /// <summary>Gets the size of an open loop device in bytes: the length that its file had when it was last looked at.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static unsafe long SizeOf(SafeFileHandle device)
    {
        long size;
        return LibC.Control(device, GetSize, &size) == 0
            ? size
            : throw LibC.Failure("The size of a loop device could not be told", LibC.LastError);
    }

    /// <summary>Gives an open loop device the length that its file has now, also while it is mounted.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void AdaptSize(SafeFileHandle device)
    {
        if (LibC.Control(device, SetCapacity, 0) != 0)
        {
            throw LibC.Failure("A loop device could not be given the length of its file", LibC.LastError);
        }
    }

    /// <summary>
    /// Sets up a free loop device over a file. It frees itself when its last user (a mount, or the returned handle) is gone, so a crash
    /// leaves none behind.
    /// </summary>
    /// <param name="image">The open file.</param>
    /// <param name="number">The device's number.</param>
    /// <returns>The open device.</returns>
    public static unsafe SafeFileHandle Create(SafeFileHandle image, out uint number)
    {
        const int Attempts = 100;
        using var control = LibC.Open("/dev/loop-control", OpenFlags.ReadWrite | OpenFlags.CloseOnExec);
        if (control.IsInvalid)
        {
            throw LibC.Failure("/dev/loop-control could not be opened (is the kernel module 'loop' loaded?)", LibC.LastError);
        }

        var error = 0;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var free = LibC.Control(control, GetFree, 0);
            if (free < 0)
            {
                throw LibC.Failure("No loop device could be had", LibC.LastError);
            }

            number = (uint)free;
            var device = LibC.Open(PathOf(number), OpenFlags.ReadWrite | OpenFlags.CloseOnExec);
            if (!device.IsInvalid)
            {
                LoopConfiguration configuration = default;
                configuration.FileDescriptor = (uint)image.DangerousGetHandle();
                configuration.Information.Flags = AutoClear;
                if (LibC.Control(device, Configure, &configuration) == 0)
                {
                    GC.KeepAlive(image);
                    return device;
                }
            }

            // Another process took it between the two calls, or its node is not there yet: ask for the next one.
            error = LibC.LastError;
            device.Dispose();
            if (error is not (ErrorNumber.DeviceBusy or ErrorNumber.NoEntry or ErrorNumber.NoDeviceOrAddress))
            {
                break;
            }

            Thread.Yield();
        }

        throw LibC.Failure("A loop device could not be set up", error);
    }

    private static unsafe bool IsSameFile(uint number, string image)
    {
        LoopInformation information;
        using var device = LibC.Open(PathOf(number), OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        return !device.IsInvalid && LibC.Control(device, GetStatus, &information) == 0
            && FileStatistics.FindAtOnce(image) is { } file && file.Inode == information.Inode && file.EncodedDevice == information.Device;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LoopConfiguration
    {
        public uint FileDescriptor;
        public uint BlockSize;
        public LoopInformation Information;
        private unsafe fixed ulong _reserved[8];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LoopInformation
    {
        public ulong Device;
        public ulong Inode;
        public ulong RealDevice;
        public ulong Offset;
        public ulong SizeLimit;
        public uint Number;
        public uint EncryptionType;
        public uint EncryptionKeySize;
        public uint Flags;
        private unsafe fixed byte _names[64 + 64 + 32];
        private unsafe fixed ulong _initialization[2];
    }
}
