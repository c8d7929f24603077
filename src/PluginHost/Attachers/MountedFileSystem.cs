using System.Runtime.InteropServices;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// The size and the label of a mounted file system, and growing it in place. Both kinds change under the protection of their journals, so
/// no check is needed before and a crash does no harm (ioctl_xfs_fsgeometry(2), ioctl_xfs_fsgrowfs(2), ioctl_fslabel(2); ext4's is in the
/// kernel's fs/ext4/ioctl.c).
/// </summary>
internal static unsafe class MountedFileSystem
{
    /// <summary>
    /// What is less than this is not worth growing for: mkfs leaves out a last block group that is too small to be of use.
    /// </summary>
    public const long GrowthThreshold = 4 << 20;

    private const nuint GetBlockSize = 2;
    private const nuint Ext4Resize = 0x40086610;
    private const nuint GetXfsGeometry = 0x80705864;
    private const nuint XfsGrowData = 0x4010586E;
    private const nuint GetLabel = 0x81009431;
    private const nuint SetLabelTo = 0x41009432;
    private const int LabelBytes = 256;

    /// <summary>Gets the size of a mounted XFS file system in bytes.</summary>
    /// <param name="mountpoint">Where it is mounted.</param>
    /// <exception cref="System.IO.IOException">It cannot be told.</exception>
    public static long SizeOfXfs(string mountpoint)
    {
        using var root = OpenRoot(mountpoint);
        XfsGeometry geometry;
        return LibC.Control(root, GetXfsGeometry, &geometry) == 0
            ? checked(geometry.BlockBytes * (long)geometry.DataBlocks)
            : throw LibC.Failure($"The size of the XFS file system at '{mountpoint}' could not be told", LibC.LastError);
    }

    /// <summary>Grows a mounted file system in place.</summary>
    /// <param name="mountpoint">Where it is mounted.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="bytes">The size that it is to have.</param>
    /// <returns>0, or the system's error. The kernel grows a mounted ext4 only for a process with CAP_SYS_RESOURCE, which containers often
    /// lack.</returns>
    public static int Grow(string mountpoint, ContentKind kind, long bytes)
    {
        using var root = OpenRoot(mountpoint);
        return (kind == ContentKind.Xfs ? GrowXfs(root, bytes) : GrowExt4(root, bytes)) ? 0 : LibC.LastError;
    }

    /// <summary>Gives a mounted file system a label, if it has another.</summary>
    /// <param name="mountpoint">Where it is mounted.</param>
    /// <param name="label">The label, in ASCII.</param>
    /// <returns>0, or the system's error.</returns>
    public static int SetLabel(string mountpoint, string label)
    {
        var present = stackalloc byte[LabelBytes];
        var wanted = stackalloc byte[LabelBytes];
        _ = Encoding.ASCII.GetBytes(label, new Span<byte>(wanted, LabelBytes));
        using var root = OpenRoot(mountpoint);
        var isSet = LibC.Control(root, GetLabel, present) == 0
            && new Span<byte>(present, LabelBytes).SequenceEqual(new Span<byte>(wanted, LabelBytes));
        return isSet || LibC.Control(root, SetLabelTo, wanted) == 0 ? 0 : LibC.LastError;
    }

    private static bool GrowExt4(SafeFileHandle root, long bytes)
    {
        int blockBytes;
        if (LibC.Control(root, GetBlockSize, &blockBytes) != 0)
        {
            return false;
        }

        var blocks = bytes / blockBytes;
        return LibC.Control(root, Ext4Resize, &blocks) == 0;
    }

    private static bool GrowXfs(SafeFileHandle root, long bytes)
    {
        XfsGeometry geometry;
        if (LibC.Control(root, GetXfsGeometry, &geometry) != 0)
        {
            return false;
        }

        var grown = new XfsSize { DataBlocks = (ulong)bytes / geometry.BlockBytes, MaximumInodePercent = geometry.MaximumInodePercent };
        return grown.DataBlocks <= geometry.DataBlocks || LibC.Control(root, XfsGrowData, &grown) == 0;
    }

    private static SafeFileHandle OpenRoot(string mountpoint)
    {
        var root = LibC.Open(mountpoint, OpenFlags.Directory | OpenFlags.CloseOnExec);
        if (root.IsInvalid)
        {
            var error = LibC.LastError;
            root.Dispose();
            throw LibC.Failure($"'{mountpoint}' could not be opened", error);
        }

        return root;
    }

    [StructLayout(LayoutKind.Explicit, Size = 112)]
    private struct XfsGeometry
    {
        [FieldOffset(0)]
        public uint BlockBytes;

        [FieldOffset(28)]
        public uint MaximumInodePercent;

        [FieldOffset(32)]
        public ulong DataBlocks;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct XfsSize
    {
        public ulong DataBlocks;
        public uint MaximumInodePercent;
    }
}
