using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Engines.Embedded;

/// <summary>The image files of a data directory: where they are, and the steps on them that are durable when they return.</summary>
internal sealed class ImageFiles
{
    public const string Extension = ".img";

    /// <summary>The end of the name of a file that is being made. Whatever bears it at a start was never acknowledged.</summary>
    public const string Unfinished = ".img.tmp";

    public ImageFiles(string directory)
    {
        VolumeDirectory = Path.Combine(directory, "volumes");
        SnapshotDirectory = Path.Combine(directory, "snapshots");
        _ = Directory.CreateDirectory(VolumeDirectory);
        _ = Directory.CreateDirectory(SnapshotDirectory);
    }

    public string VolumeDirectory { get; }

    public string SnapshotDirectory { get; }

    public string Volume(string id) => Path.Combine(VolumeDirectory, id + Extension);

    public string Snapshot(string id) => Path.Combine(SnapshotDirectory, id + Extension);

    /// <summary>Makes an empty file; one that an earlier try has left is replaced. Its entry is not flushed.</summary>
    public static void CreateEmpty(string path) => Guard(path, () =>
    {
        File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        return true;
    });

    public static void Grow(string path, long size)
    {
        using var file = Guard(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        if (RandomAccess.GetLength(file) < size)
        {
            SetLength(file, path, size);
            Flush(file, path);
        }
    }

    /// <summary>Sets the length of a file that is there, without a flush; what is new reads as zeros.</summary>
    public static void SetLength(string path, long size)
    {
        if (NativeMethods.Truncate(path, size) != 0)
        {
            throw Error(path, Marshal.GetLastPInvokeError());
        }
    }

    public static void SetLength(SafeFileHandle file, string path, long size)
    {
        if (NativeMethods.Truncate(file, size) != 0)
        {
            throw Error(path, Marshal.GetLastPInvokeError());
        }
    }

    public static void Remove(string path) => Guard(path, () =>
    {
        File.Delete(path);
        File.Delete(Path.ChangeExtension(path, Unfinished));
        return true;
    });

    public static void Flush(SafeFileHandle file, string path) => Guard(path, () =>
    {
        RandomAccess.FlushToDisk(file);
        return true;
    });

    public static void FlushDirectory(string directory)
    {
        var descriptor = NativeMethods.Open(directory, NativeMethods.OpenDirectory);
        if (descriptor < 0)
        {
            throw Error(directory, Marshal.GetLastPInvokeError());
        }

        var failed = NativeMethods.Fsync(descriptor) != 0;
        var code = Marshal.GetLastPInvokeError();
        _ = NativeMethods.Close(descriptor);
        if (failed)
        {
            throw Error(directory, code);
        }
    }

    public static ClusterException Error(string path, int code) => code switch
    {
        NativeMethods.ENOSPC or NativeMethods.EDQUOT => new ClusterException(ErrorCode.NoSpace, $"The file system of {path} is full."),
        NativeMethods.EFBIG or NativeMethods.EINVAL => new ClusterException(ErrorCode.InvalidArgument, $"The file system of {path} has no files of that size."),
        _ => new ClusterException(ErrorCode.Internal, $"{path}: {Marshal.GetPInvokeErrorMessage(code)}."),
    };

    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // HResult holds errno on Unix for what .NET has no exception of its own for.
            var code = error.HResult is NativeMethods.ENOSPC or NativeMethods.EDQUOT ? ErrorCode.NoSpace : ErrorCode.Internal;
            throw new ClusterException(code, code == ErrorCode.NoSpace ? $"The file system of {path} is full." : $"{path} cannot be used: {error.Message}", error);
        }
    }
}
