using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// Mounts images that hold a file system: one that needs care gets it before, one that is smaller than its image grows. All calls block.
/// </summary>
internal static class ImageMount
{
    /// <summary>Mounts an image; if it throws, nothing is mounted.</summary>
    /// <param name="image">The image, whose lock we have or whose device is ours.</param>
    /// <exception cref="ClusterException">It holds no file system of ours to mount, or one with errors; the message says which.</exception>
    /// <exception cref="IOException">It cannot be mounted.</exception>
    public static void Make(InspectedImage image)
    {
        if (image.Device is { } number)
        {
            MountDevice(image, LoopDevice.PathOf(number));
            return;
        }

        var (request, content) = (image.Request, image.Content);
        if (content.Kind is not (ContentKind.Ext4 or ContentKind.Xfs))
        {
            throw new ClusterException(ErrorCode.Refused, string.Create(
                CultureInfo.InvariantCulture,
                $"The image of volume '{request.Volume.Name}' holds neither ext4 nor XFS and is not blank (first data at byte "
                + $"{content.FirstDataOffset}), so it is neither mounted nor formatted."));
        }

        var size = RandomAccess.GetLength(image.File);
        if (content.Kind == ContentKind.Ext4)
        {
            image.Content = Ext4Care.Prepare(request, image.File, content);
        }

        if (!MountOnDevice(image, size))
        {
            Ext4Care.Grow(request);
            image.Content = image.Content with { FileSystemBytes = size };
            _ = MountOnDevice(image, size);
        }
    }

    // Returns false, with nothing mounted, if the file system must be grown and cannot be while it is mounted.
    private static bool MountOnDevice(InspectedImage image, long size)
    {
        var request = image.Request;
        request.Report.Begin("setting up the loop device");
        using var device = LoopDevice.Create(image.File, out var number);
        MountDevice(image, LoopDevice.PathOf(number));
        try
        {
            if (!IsMountedFrom(request.Mountpoint, number))
            {
                throw new ClusterException(
                    ErrorCode.Internal, $"The mount of '{request.Mountpoint}' was reported as done, but nothing is mounted there.");
            }

            LostAndFound.TakeAway(request);
            if (image.IsMade)
            {
                SetRoot(request);

                // The kernel has synced the image while it mounted, for its own writes to the superblock and the journal. That makes this
                // one cheap after the mount and costly before it; it is here because what is answered must not rest on how a kernel mounts.
                RandomAccess.FlushToDisk(image.File);
            }
            else if (image.Content.Kind == ContentKind.Xfs && FileSystemIdentity.IsOfAnother(image.Content.FileSystemId, request.Volume))
            {
                SetXfsLabel(request);
            }

            var isSmall = !image.IsMade && size - image.Content.FileSystemBytes >= MountedFileSystem.GrowthThreshold;
            if (isSmall && !GrowMounted(request, image.Content.Kind, size))
            {
                MountDirectory.Unmount(request.Mountpoint, MountDirectory.ReleaseLimit);
                device.Dispose();
                if (!Waiting.Until(() => !LoopDevice.Has(number, request.Image), MountDirectory.ReleaseLimit))
                {
                    throw new ClusterException(
                        ErrorCode.Busy,
                        $"{LoopDevice.PathOf(number)} is still in use, so the file system of volume '{request.Volume.Name}' cannot be "
                        + "grown.");
                }

                return false;
            }

            return true;
        }
        catch
        {
            _ = MountDirectory.TryUnmount(request.Mountpoint);
            MountDirectory.Remove(request.Mountpoint);
            throw;
        }
    }

    private static bool IsMountedFrom(string mountpoint, uint number) =>
        FileStatistics.FindAtOnce(mountpoint) is { Major: LoopDevice.Major } file && file.Minor == number;

    private static void MountDevice(InspectedImage image, string device)
    {
        const nuint NoSetUid = 2;
        const nuint NoDevices = 4;
        var (request, kind) = (image.Request, image.Content.Kind);
        request.Report.Begin($"mounting {device}");
        Directory.CreateDirectory(request.Mountpoint);

        // Clones of an XFS volume have its identity: to change it, xfs_admin empties the log first and writes the identity last, and a
        // crash in between leaves what nobody can mount. An ext4 that meets an error must not be written on. What is deleted frees its
        // space in the image.
        var (fileSystem, data) = kind == ContentKind.Xfs ? ("xfs", "nouuid,discard") : ("ext4", "errors=remount-ro,discard");
        if (LibC.Mount(device, request.Mountpoint, fileSystem, NoSetUid | NoDevices, data) != 0)
        {
            var error = LibC.LastError;
            MountDirectory.Remove(request.Mountpoint);
            throw LibC.Failure(
                $"The {fileSystem} file system of volume '{request.Volume.Name}' could not be mounted{Advice(request, kind, error)}",
                error);
        }
    }

    private static string Advice(MountRequest request, ContentKind kind, int error) =>
        error is ErrorNumber.NeedsCleaning or ErrorNumber.BadMessage or ErrorNumber.InvalidArgument
            ? $", for it is damaged ({(kind == ContentKind.Xfs ? "xfs_repair" : "e2fsck -f")} {request.Image} repairs what can be "
                + "repaired; make a copy of the image before)"
            : string.Empty;

    private static void SetXfsLabel(MountRequest request)
    {
        var error = MountedFileSystem.SetLabel(request.Mountpoint, FileSystemIdentity.XfsLabel(request.Volume.Name));
        if (error != 0)
        {
            request.Report.Warn(
                $"The XFS file system of volume '{request.Volume.Name}' keeps the label of the one that it was cloned from: "
                + $"{LibC.Describe(error)}.");
        }
    }

    private static void SetRoot(MountRequest request)
    {
        const int DefaultMode = 0x1ED; // 0755
        var (volume, path) = (request.Volume, request.Mountpoint);
        if ((volume.Uid is not null || volume.Gid is not null)
            && LibC.ChangeOwner(path, (uint)(volume.Uid ?? 0), (uint)(volume.Gid ?? 0)) != 0)
        {
            throw LibC.Failure("The owner of the volume's root directory could not be set", LibC.LastError);
        }

        if (volume.Mode is { } mode && mode != DefaultMode && LibC.ChangeMode(path, (uint)mode) != 0)
        {
            throw LibC.Failure("The mode of the volume's root directory could not be set", LibC.LastError);
        }
    }

    // Returns false if only an unmounted one can be grown.
    private static bool GrowMounted(MountRequest request, ContentKind kind, long size)
    {
        request.Report.Begin("growing the file system");
        var error = MountedFileSystem.Grow(request.Mountpoint, kind, size);
        if (error != 0 && kind == ContentKind.Xfs)
        {
            request.Report.Warn($"The XFS file system of volume '{request.Volume.Name}' could not be grown: {LibC.Describe(error)}.");
            return true;
        }

        return error == 0;
    }
}
