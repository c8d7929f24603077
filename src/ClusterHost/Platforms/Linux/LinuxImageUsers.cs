using System.Diagnostics;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Loop devices over images, and the file systems mounted from them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxImageUsers(ImageCopies copies, CopyLimits limits) : IImageUsers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public bool IsOpenNowhere(string image) => FileLease.IsOpenNowhere(image);

    public string? Find(string image) => ImageLoop.Find(image) switch
    {
        { Count: 0 } => null,
        var devices => $"the loop device {string.Join(", ", devices.Select(device => device.Path))}",
    };

    /// <summary>
    /// Copies an image that may be in use. A mounted file system is frozen meanwhile, so that the copy is clean. While somebody checks,
    /// grows, mounts or unmounts it, the copy waits for the end of that.
    /// </summary>
    /// <exception cref="ClusterException">
    /// With <see cref="ErrorCode.Refused"/>: it is mounted and cannot be frozen, or not for so long; with <see cref="ErrorCode.Busy"/>:
    /// somebody is at work on it, and that has not ended in time.
    /// </exception>
    public void Copy(string source, string target, long? size) => Settle(source, target, () => CopyNow(source, target, size));

    /// <summary>Copies an image that nobody should be using, in the place of one that nobody should be using.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: somebody uses one of the two.</exception>
    public void CopyUnused(string source, string target, long? size) => Settle(source, target, () =>
    {
        using (var still = StillImage.Watch(source))
        {
            copies.Write(source, target, size, still.Check);
            still.Check();
        }

        if (File.Exists(target))
        {
            if (Find(target) is { } user)
            {
                throw new ImageUnsettledException($"to be replaced by one of '{Path.GetFileName(source)}' and in use through {user}");
            }

            using var unused = StillImage.Watch(target);
            copies.Finish(target);
            return;
        }

        copies.Finish(target);
    });

    /// <summary>Thaws the file system of an image that an earlier process may have left frozen.</summary>
    public void Release(string image)
    {
        foreach (var device in ImageLoop.Find(image).Where(device => device.MountPoint is not null))
        {
            FileSystemFreeze.TryThaw(device.MountPoint!);
        }
    }

    // What was copied before somebody began, or while somebody was at work, is never put in the target's place.
    private void Settle(string source, string target, Action copy)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                copy();
                return;
            }
            catch (ImageUnsettledException obstacle)
            {
                RemoveUnfinished(target);
                if (waited.Elapsed >= limits.Settle)
                {
                    throw new ClusterException(
                        ErrorCode.Busy,
                        $"The image {source} is {obstacle.Message}, so no clean copy of it can be made now. "
                            + "Try again when that has ended.");
                }
            }

            Thread.Sleep(Pause);
        }
    }

    private void CopyNow(string source, string target, long? size)
    {
        var devices = ImageLoop.Find(source);
        if (devices.FirstOrDefault(device => device.MountPoint is not null) is { } mounted)
        {
            CopyFrozen(mounted, source, target, size);
        }
        else if (devices.FirstOrDefault(device => device.MountedElsewhere) is { } hidden)
        {
            throw new ImageUnsettledException(
                $"mounted through {hidden.Path} where hv-cluster cannot see it, and cannot be frozen: unmount it, "
                    + "or run hv-cluster in the mount namespace of the plugin host; or it is being mounted");
        }
        else if (devices.Count > 0)
        {
            CopyUnmounted(devices, source, target, size);
        }
        else
        {
            using (var still = StillImage.Watch(source))
            {
                copies.Write(source, target, size, still.Check);
                still.Check();
            }

            copies.Finish(target);
        }
    }

    private void CopyFrozen(ImageLoop device, string source, string target, long? size)
    {
        try
        {
            // Most of what is dirty is written out before the freeze, so that writers wait for the rest only.
            ImageFiles.Flush(source);
            FileSystemFreeze.Run(device.MountPoint!, device.Number, () =>
            {
                var frozen = Stopwatch.StartNew();
                copies.Write(source, target, size, () =>
                {
                    if (frozen.Elapsed >= limits.Freeze)
                    {
                        throw new TimeoutException();
                    }
                });
            });
            copies.Finish(target);
        }
        catch (TimeoutException)
        {
            RemoveUnfinished(target);
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is mounted, and copying its image took longer than the {limits.Freeze.TotalSeconds:0} seconds for which its "
                    + "writers may be stopped: the file system of the data directory cannot share blocks. Unmount the volume, "
                    + "or keep the data directory on XFS or btrfs.");
        }
    }

    // A device without a mount is one that is about to be mounted, that was left behind, or that is used without a file system.
    private void CopyUnmounted(IReadOnlyList<ImageLoop> devices, string source, string target, long? size)
    {
        RefuseOpen(devices);
        Flush(devices, source);
        var before = StillImage.SettledChange(source);
        copies.Write(source, target, size, static () => { });
        RefuseOpen(devices);
        Flush(devices, source);
        if (FileChange.Of(source) != before || !ImageLoop.Find(source).SequenceEqual(devices))
        {
            throw new ImageUnsettledException($"being written through {devices[0].Path}");
        }

        copies.Finish(target);
    }

    private static void RefuseOpen(IReadOnlyList<ImageLoop> devices)
    {
        foreach (var device in devices)
        {
            if (OpenFiles.FindProcess(device.Path) is { } process)
            {
                throw new ImageUnsettledException($"open through {device.Path} in {process}");
            }
        }
    }

    private static void Flush(IReadOnlyList<ImageLoop> devices, string image)
    {
        foreach (var device in devices)
        {
            FlushDevice(device, image);
        }
    }

    private static void RemoveUnfinished(string target) => ImageFiles.Guard(target, () =>
    {
        File.Delete(Path.ChangeExtension(target, ImageFiles.Unfinished));
        return true;
    });

    // Data written to the device without a file system lies in the device's own cache, apart from that of the image.
    private static void FlushDevice(ImageLoop device, string image)
    {
        using var opened = LibC.Open(device.Path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        if (opened.IsInvalid)
        {
            var reason = LibC.Describe(LibC.LastError);
            RefuseDetached(device, image);
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is in use through {device.Path}, which hv-cluster may not open to flush it ({reason}). "
                    + "Detach the loop device, or run hv-cluster as root.");
        }

        if (LibC.SynchronizeFile(opened) != 0)
        {
            var code = LibC.LastError;
            RefuseDetached(device, image);
            throw LinuxErrors.Of(device.Path, code);
        }
    }

    // A device that has just given the image back takes no more calls, and what it held is in the image.
    private static void RefuseDetached(ImageLoop device, string image)
    {
        if (ImageLoop.Find(image).All(present => present.Name != device.Name))
        {
            throw new ImageUnsettledException($"being detached from {device.Path}");
        }
    }
}
