using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Engines.Embedded;

/// <summary>
/// Makes one image from another: into a file of an unfinished name, flushed, then renamed, so that the target is whole or not there.
/// </summary>
internal sealed class ImageCopies(bool sharesData, TimeSpan freezeLimit)
{
    /// <summary>Copies an image that nothing writes.</summary>
    public void CopyAtRest(string source, string target, long? size)
    {
        Write(source, target, size, static () => { });
        Finish(target);
    }

    /// <summary>Copies an image that may be mounted. A mounted file system is frozen meanwhile, so that the copy is clean.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it is mounted and cannot be frozen, or not for so long.</exception>
    public void CopyLive(string source, string target, long? size)
    {
        var devices = LoopDevices.Find(source);
        if (devices.FirstOrDefault(device => device.MountedElsewhere) is { } hidden)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is mounted through /dev/{hidden.Name} where hv-cluster cannot see it, so it cannot be frozen for a clean image. Unmount it, or run hv-cluster in the mount namespace of the plugin host.");
        }

        if (devices.FirstOrDefault(device => device.MountPoint is not null) is { } mounted)
        {
            CopyFrozen(mounted, source, target, size);
            return;
        }

        foreach (var device in devices)
        {
            FlushDevice("/dev/" + device.Name);
        }

        CopyAtRest(source, target, size);
    }

    /// <summary>Thaws the file system of an image that an earlier process may have left frozen.</summary>
    public static void Thaw(string image)
    {
        foreach (var device in LoopDevices.Find(image).Where(device => device.MountPoint is not null))
        {
            FileSystemFreeze.TryThaw(device.MountPoint!);
        }
    }

    private void CopyFrozen(LoopDevice device, string source, string target, long? size)
    {
        try
        {
            // Most of what is dirty is written out before the freeze, so that writers wait for the rest only.
            using (var file = ImageFiles.Guard(source, () => File.OpenHandle(source, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)))
            {
                ImageFiles.Flush(file, source);
            }

            FileSystemFreeze.Run(device.MountPoint!, () =>
            {
                var frozen = Stopwatch.StartNew();
                Write(source, target, size, () =>
                {
                    if (frozen.Elapsed >= freezeLimit)
                    {
                        throw new TimeoutException();
                    }
                });
            });
            Finish(target);
        }
        catch (TimeoutException)
        {
            ImageFiles.Guard(target, () =>
            {
                File.Delete(Path.ChangeExtension(target, ImageFiles.Unfinished));
                return true;
            });
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is mounted, and copying its image took longer than the {freezeLimit.TotalSeconds:0} seconds for which its writers may be stopped: the file system of the data directory cannot share blocks. Unmount the volume, or keep the data directory on XFS or btrfs.");
        }
    }

    private void Write(string source, string target, long? size, Action beforeChunk)
    {
        var unfinished = Path.ChangeExtension(target, ImageFiles.Unfinished);
        using var from = ImageFiles.Guard(source, () => File.OpenHandle(source, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        using var to = ImageFiles.Guard(unfinished, () => File.OpenHandle(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite));
        ImageFiles.Flush(from, source);
        if (sharesData)
        {
            FileCopier.Share(from, to, unfinished);
        }
        else
        {
            FileCopier.CopySparse(from, to, unfinished, beforeChunk);
        }

        if (size is { } bytes && RandomAccess.GetLength(to) < bytes)
        {
            ImageFiles.SetLength(to, unfinished, bytes);
        }
    }

    private static void Finish(string target)
    {
        var unfinished = Path.ChangeExtension(target, ImageFiles.Unfinished);
        using (var file = ImageFiles.Guard(unfinished, () => File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)))
        {
            ImageFiles.Flush(file, unfinished);
        }

        ImageFiles.Guard(target, () =>
        {
            File.Move(unfinished, target, overwrite: true);
            return true;
        });
        ImageFiles.FlushDirectory(Path.GetDirectoryName(target)!);
    }

    // Data written to the device without a file system lies in the device's own cache, apart from that of the image.
    private static void FlushDevice(string device)
    {
        var descriptor = NativeMethods.Open(device, NativeMethods.OpenReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is in use through {device}, which hv-cluster may not open to flush it ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}). Detach the loop device, or run hv-cluster as root.");
        }

        _ = NativeMethods.Fsync(descriptor);
        _ = NativeMethods.Close(descriptor);
    }
}
