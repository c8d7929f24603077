using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Copies images: by sharing their blocks where the file system can, else by copying what is not a hole.</summary>
[SupportedOSPlatform("linux")]
internal static class FileCopier
{
    private const nuint Clone = 0x40049409; // FICLONE
    private const long Chunk = 16L << 20;

    /// <summary>Tells whether files of a directory can share blocks, by trying.</summary>
    public static bool CanShare(string directory)
    {
        var source = Path.Combine(directory, $"probe-{Guid.NewGuid():N}.tmp");
        var target = source + "2";
        try
        {
            using var from = File.OpenHandle(
                source, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.DeleteOnClose);
            RandomAccess.Write(from, new byte[4096], 0);
            using var to = File.OpenHandle(
                target, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.DeleteOnClose);
            return LibC.Control(to, Clone, from.DangerousGetHandle()) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Shares all blocks of a file with another; quick whatever the size.</summary>
    public static void Share(SafeFileHandle source, SafeFileHandle target, string path)
    {
        if (LibC.Control(target, Clone, source.DangerousGetHandle()) != 0)
        {
            throw LinuxErrors.Of(path, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Copies the data of a file and leaves its holes.</summary>
    /// <param name="source">The file to copy.</param>
    /// <param name="target">The file to write; its length becomes that of the source.</param>
    /// <param name="path">The target's path, for errors.</param>
    /// <param name="beforeChunk">Called before each chunk; what it throws ends the copy.</param>
    public static void CopySparse(SafeFileHandle source, SafeFileHandle target, string path, Action beforeChunk)
    {
        var length = RandomAccess.GetLength(source);
        LinuxImageSystem.SetLengthOf(target, path, length);
        var position = 0L;
        while (position < length && ImageFiles.Guard(path, () => SparseFile.NextData(source, position)) is { } data)
        {
            position = ImageFiles.Guard(path, () => SparseFile.NextHole(source, data)) ?? length;
            CopyRange(source, target, path, data, Math.Min(position, length), beforeChunk);
        }
    }

    private static void CopyRange(SafeFileHandle source, SafeFileHandle target, string path, long start, long end, Action beforeChunk)
    {
        var from = start;
        var to = start;
        while (from < end)
        {
            beforeChunk();
            var copied = LibC.CopyRange(source, ref from, target, ref to, (nuint)Math.Min(Chunk, end - from), 0);
            if (copied < 0)
            {
                throw LinuxErrors.Of(path, Marshal.GetLastPInvokeError());
            }

            if (copied == 0)
            {
                break;
            }
        }
    }
}
