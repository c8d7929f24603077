using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Engines.Embedded;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Files of Linux: sparse by themselves, their blocks shared where the file system can, directories flushed as such.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxImageSystem : IImageSystem
{
    public bool TryGetStatus(string path, out FileStatus status) => LinuxCalls.TryGetStatus(path, out status);

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
        if (LinuxCalls.Truncate(path, size) != 0)
        {
            throw LinuxErrors.Of(path, Marshal.GetLastPInvokeError());
        }
    }

    public void SetLength(SafeFileHandle file, string path, long size) => SetLengthOf(file, path, size);

    public static void SetLengthOf(SafeFileHandle file, string path, long size)
    {
        if (LinuxCalls.Truncate(file, size) != 0)
        {
            throw LinuxErrors.Of(path, Marshal.GetLastPInvokeError());
        }
    }

    public bool TrySetLength(SafeFileHandle file, long size) => LinuxCalls.Truncate(file, size) == 0;

    public SafeFileHandle OpenSource(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

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

    public void CopySparse(SafeFileHandle source, SafeFileHandle target, string path, Action beforeChunk) => FileCopier.CopySparse(source, target, path, beforeChunk);
}
