using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Files of Linux: sparse by themselves, their blocks shared where the file system can, directories flushed as such.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxImageSystem : IImageSystem
{
    private const string OwnerAttribute = "user.hedvig";
    private const int MostRanges = 100_000;

    public bool TryGetStatus(string path, out FileStatus status)
    {
        var found = FileStatistics.Find(path);
        status = found is { } file ? new FileStatus(file.Size, file.Allocated, (long)file.Inode) : default;
        return found is not null;
    }

    public (long Free, long Size) GetSpace(string directory)
    {
        var drive = new DriveInfo(directory);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }

    public bool MakeSparse(SafeFileHandle file) => true;

    public void CreateEmpty(string path) => ImageFiles.Guard(path, () =>
    {
        File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        return true;
    });

    public void SetLength(string path, long size)
    {
        if (LibC.Truncate(path, size) != 0)
        {
            throw LinuxErrors.Of(path, Marshal.GetLastPInvokeError());
        }
    }

    public void SetLength(SafeFileHandle file, string path, long size) => SetLengthOf(file, path, size);

    public static void SetLengthOf(SafeFileHandle file, string path, long size)
    {
        if (LibC.Truncate(file, size) != 0)
        {
            throw LinuxErrors.Of(path, Marshal.GetLastPInvokeError());
        }
    }

    public bool TrySetLength(SafeFileHandle file, long size) => LibC.Truncate(file, size) == 0;

    public SafeFileHandle OpenSource(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    public void Replace(string unfinished, string target)
    {
        ImageFiles.Guard(target, () =>
        {
            File.Move(unfinished, target, overwrite: true);
            return true;
        });
        LinuxDirectory.Flush(Path.GetDirectoryName(target)!);
    }

    public void FlushDirectory(string directory) => LinuxDirectory.Flush(directory);

    public bool CanShare(string directory) => FileCopier.CanShare(directory);

    public void Share(SafeFileHandle source, SafeFileHandle target, string path) => FileCopier.Share(source, target, path);

    public void CopySparse(SafeFileHandle source, SafeFileHandle target, string path, Action beforeChunk) =>
        FileCopier.CopySparse(source, target, path, beforeChunk);

    // A file system without such notes, or without room for one more, has none: what is not noted is not compared.
    public void WriteOwner(string path, string owner)
    {
        var value = Encoding.UTF8.GetBytes(owner);
        _ = LibC.SetAttribute(path, OwnerAttribute, value, (nuint)value.Length, 0);
    }

    public string? ReadOwner(string path)
    {
        Span<byte> value = stackalloc byte[128];
        var length = LibC.GetAttribute(path, OwnerAttribute, value, (nuint)value.Length);
        return length > 0 ? Encoding.UTF8.GetString(value[..(int)length]) : null;
    }

    public long MeasureData(SafeFileHandle file, string path)
    {
        // Others may show as data what is a hole a moment later.
        if (new DriveInfo(path).DriveFormat is not ("ext2" or "ext3" or "ext4" or "xfs" or "btrfs"))
        {
            return -1;
        }

        try
        {
            return MeasureData(file);
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static long MeasureData(SafeFileHandle file)
    {
        var data = 0L;
        var position = 0L;
        for (var ranges = 0; ranges < MostRanges; ranges++)
        {
            if (SparseFile.NextData(file, position) is not { } start)
            {
                return data;
            }

            if (SparseFile.NextHole(file, start) is not { } end)
            {
                return -1;
            }

            data += end - start;
            position = end;
        }

        return -1;
    }
}
