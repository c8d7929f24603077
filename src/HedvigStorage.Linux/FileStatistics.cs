using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.Linux;

/// <summary>What the kernel tells of a file: statx(2).</summary>
/// <param name="Inode">Its number, which no other file of its file system has at the time.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Allocated">The bytes that it takes up.</param>
/// <param name="Major">The major number of the device that it lies on.</param>
/// <param name="Minor">The minor number.</param>
/// <param name="ContentChange">When its content was changed last, in nanoseconds since 1970.</param>
/// <param name="AttributeChange">When its attributes were.</param>
[SupportedOSPlatform("linux")]
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatistics(
    ulong Inode, long Size, long Allocated, uint Major, uint Minor, Int128 ContentChange, Int128 AttributeChange)
{
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int DoNotSynchronize = 0x4000;
    private const uint Basic = 0x7ff;
    private const int BlockBytes = 512;
    private const int SecondNanoseconds = 1_000_000_000;

    /// <summary>Gets the device as lists of the kernel name it: <c>7:3</c>.</summary>
    public string Device => string.Create(CultureInfo.InvariantCulture, $"{Major}:{Minor}");

    /// <summary>Gets the device in the one number that loop devices know it by: new_encode_dev of linux/kdev_t.h.</summary>
    // 8 bits of the minor number, 12 of the major, the other 12 of the minor.
    public ulong EncodedDevice => (Minor & 0xff) | (Major << 8) | ((Minor & ~0xffu) << 12);

    /// <summary>Tells whether it lies on the device that another file lies on.</summary>
    /// <param name="other">The other file.</param>
    public bool IsOnDeviceOf(FileStatistics other) => (Major, Minor) == (other.Major, other.Minor);

    /// <summary>Looks at a file; <see langword="null"/> (and <see cref="LibC.LastError"/>) if it cannot be found.</summary>
    /// <param name="path">Its path.</param>
    public static FileStatistics? Find(string path) => Find(path, 0);

    /// <summary>
    /// As <see cref="Find(string)"/>, but never waits for a file server: what is known of a remote file may be out of date.
    /// </summary>
    /// <param name="path">Its path.</param>
    public static FileStatistics? FindAtOnce(string path) => Find(path, DoNotSynchronize);

    /// <summary>Looks at an open file; <see langword="null"/> if that is not possible.</summary>
    /// <param name="file">The file.</param>
    public static unsafe FileStatistics? Of(SafeFileHandle file)
    {
        Status status;
        return LibC.Statistics(file, string.Empty, EmptyPath, Basic, &status) == 0 ? status.Read() : null;
    }

    private static unsafe FileStatistics? Find(string path, int flags)
    {
        Status status;
        return LibC.Statistics(CurrentDirectory, path, flags, Basic, &status) == 0 ? status.Read() : null;
    }

    /// <summary>The kernel's <c>struct statx</c>, whose layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Status
    {
        [FieldOffset(32)]
        private readonly ulong _inode;

        [FieldOffset(40)]
        private readonly long _size;

        [FieldOffset(48)]
        private readonly long _blocks;

        [FieldOffset(96)]
        private readonly long _attributeSeconds;

        [FieldOffset(104)]
        private readonly uint _attributeNanoseconds;

        [FieldOffset(112)]
        private readonly long _contentSeconds;

        [FieldOffset(120)]
        private readonly uint _contentNanoseconds;

        [FieldOffset(136)]
        private readonly uint _major;

        [FieldOffset(140)]
        private readonly uint _minor;

        public FileStatistics Read() => new(
            _inode,
            _size,
            _blocks * BlockBytes,
            _major,
            _minor,
            ((Int128)_contentSeconds * SecondNanoseconds) + _contentNanoseconds,
            ((Int128)_attributeSeconds * SecondNanoseconds) + _attributeNanoseconds);
    }
}
