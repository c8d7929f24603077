using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Engines.Embedded;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Loop devices over images, and the file systems mounted from them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxImageUsers(ImageCopies copies, TimeSpan freezeLimit) : IImageUsers
{
    public bool IsOpenNowhere(string image) => LinuxCalls.IsOpenNowhere(image);

    public string? Find(string image) => LoopDevices.Find(image) switch
    {
        { Count: 0 } => null,
        var devices => $"the loop device {string.Join(", ", devices.Select(device => "/dev/" + device.Name))}",
    };

    /// <summary>Copies an image that may be mounted. A mounted file system is frozen meanwhile, so that the copy is clean.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it is mounted and cannot be frozen, or not for so long.</exception>
    public void Copy(string source, string target, long? size)
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

        copies.CopyAtRest(source, target, size);
    }

    /// <summary>Thaws the file system of an image that an earlier process may have left frozen.</summary>
    public void Release(string image)
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
                copies.Write(source, target, size, () =>
                {
                    if (frozen.Elapsed >= freezeLimit)
                    {
                        throw new TimeoutException();
                    }
                });
            });
            copies.Finish(target);
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

    // Data written to the device without a file system lies in the device's own cache, apart from that of the image.
    private static void FlushDevice(string device)
    {
        var descriptor = LinuxCalls.Open(device, LinuxCalls.OpenReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is in use through {device}, which hv-cluster may not open to flush it ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}). Detach the loop device, or run hv-cluster as root.");
        }

        _ = LinuxCalls.Fsync(descriptor);
        _ = LinuxCalls.Close(descriptor);
    }
}
