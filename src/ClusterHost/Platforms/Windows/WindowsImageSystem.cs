using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>
/// Files of Windows: sparse where the file system can and they are told to be; an image that is copied is kept from writers meanwhile.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsImageSystem : IImageSystem
{
    private const int RangesAtOnce = 512;

    public bool TryGetStatus(string path, out FileStatus status)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            status = default;
            return false;
        }

        var size = file.Length;
        var low = WindowsCalls.GetCompressedFileSize(path, out var high);
        var told = low != WindowsCalls.InvalidFileSize || Marshal.GetLastPInvokeError() == 0;
        status = new FileStatus(size, told ? (long)(((ulong)high << 32) | low) : size);
        return true;
    }

    // A directory may be where another volume is mounted, so its drive does not tell.
    public (long Free, long Size) GetSpace(string directory) =>
        WindowsCalls.GetDiskFreeSpace(directory, out var available, out var size, out _)
        ? (available, size)
        : throw new IOException($"The free space of '{directory}' cannot be told: {Marshal.GetLastPInvokeErrorMessage()}");

    public unsafe bool MakeSparse(SafeFileHandle file) => WindowsCalls.Control(file, WindowsCalls.SetSparse, null, 0, null, 0, out _, 0);

    // The flush of a file makes its entry durable, too: both are steps of the file system's journal.
    public void CreateEmpty(string path) => ImageFiles.Guard(path, () =>
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        _ = MakeSparse(file);
        RandomAccess.FlushToDisk(file);
        return true;
    });

    public void SetLength(string path, long size)
    {
        using var file = ImageFiles.Guard(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        SetLength(file, path, size);
    }

    public void SetLength(SafeFileHandle file, string path, long size) => ImageFiles.Guard(path, () =>
    {
        try
        {
            RandomAccess.SetLength(file, size);
            return true;
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The file system of {path} has no files of that size.", error);
        }
    });

    public bool TrySetLength(SafeFileHandle file, long size)
    {
        try
        {
            RandomAccess.SetLength(file, size);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    // Windows keeps everybody else from opening it for writing, and refuses this if somebody has.
    public SafeFileHandle OpenSource(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);

    public void Replace(string unfinished, string target) => ImageFiles.Guard(target, () =>
    {
        WindowsRename.Replace(unfinished, target);
        return true;
    });

    // What must not be lost, a new file or a rename, is durable already. This brings removals to the disk where the file system can; one
    // that is
    // lost leaves an image that the catalog does not know, which the next start tells.
    public void FlushDirectory(string directory)
    {
        using var handle = WindowsCalls.Open(
            directory, WindowsCalls.GenericWrite, WindowsCalls.ShareAll, 0, WindowsCalls.OpenExisting, WindowsCalls.BackupSemantics, 0);
        _ = !handle.IsInvalid && WindowsCalls.Flush(handle);
    }

    // ReFS can, in extents of its clusters; copies are sparse here everywhere.
    public bool CanShare(string directory) => false;

    public void Share(SafeFileHandle source, SafeFileHandle target, string path) => throw new NotSupportedException();

    public void CopySparse(SafeFileHandle source, SafeFileHandle target, string path, Action beforeChunk)
    {
        var length = RandomAccess.GetLength(source);
        SetLength(target, path, length);
        ImageFiles.Guard(path, () =>
        {
            foreach (var (start, end) in FindRanges(source, length))
            {
                RangeCopy.Run(source, target, start, end, beforeChunk);
            }

            return true;
        });
    }

    public void WriteOwner(string path, string owner)
    {
        // No note is kept here.
    }

    public string? ReadOwner(string path) => null;

    public long MeasureData(SafeFileHandle file, string path) => -1;

    // What cannot be told counts as data; blocks of zeros are left out of it anyway.
    private static unsafe List<(long Start, long End)> FindRanges(SafeFileHandle file, long length)
    {
        var ranges = new List<(long Start, long End)>();
        var buffer = stackalloc WindowsCalls.AllocatedRange[RangesAtOnce];
        var position = 0L;
        while (position < length)
        {
            var wanted = new WindowsCalls.AllocatedRange { Offset = position, Length = length - position };
            var whole = WindowsCalls.Control(
                file,
                WindowsCalls.QueryAllocatedRanges,
                &wanted,
                sizeof(WindowsCalls.AllocatedRange),
                buffer,
                RangesAtOnce * sizeof(WindowsCalls.AllocatedRange),
                out var bytes,
                0);
            if (!whole && (Marshal.GetLastPInvokeError() != WindowsCalls.ErrorMoreData || bytes == 0))
            {
                ranges.Add((position, length));
                break;
            }

            for (var index = 0; index < bytes / sizeof(WindowsCalls.AllocatedRange); index++)
            {
                position = Math.Min(length, buffer[index].Offset + buffer[index].Length);
                ranges.Add((buffer[index].Offset, position));
            }

            if (whole)
            {
                break;
            }
        }

        return ranges;
    }
}
