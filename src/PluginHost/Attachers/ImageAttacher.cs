using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>Mounts volumes whose data is an image file on this machine, through loop devices.</summary>
internal sealed class ImageAttacher : IAttacher
{
    // What is less than this is not worth growing for: mkfs leaves out a last block group that is too small to be of use.
    private const long GrowthThreshold = 4 << 20;
    private const int UnmountNoFollow = 8;
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private readonly FileSystemMaker _maker;

    public ImageAttacher(FileSystemMaker maker) => _maker = maker;

    /// <inheritdoc/>
    public string Resolve(string path) => LibC.RealPath(path)
        ?? throw new ClusterException(ErrorCode.Internal, $"The volume's image '{path}' cannot be found on this machine: {LibC.Describe(LibC.LastError)}. Is the cluster on another one?");

    /// <inheritdoc/>
    public void Mount(MountRequest request)
    {
        if (IsMounted(request.Image, request.Mountpoint))
        {
            return;
        }

        try
        {
            using var image = File.OpenHandle(request.Image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            request.Progress("looking for a loop device that has the image");

            // Whoever mounts has the lock from before it looks for a device, and then the device has it: so two never find none and both set one up.
            var isLocked = OpenFileLock.TryTake(image);
            if (LoopDevice.Find(request.Image) is { } existing)
            {
                MountExisting(request, image, existing);
            }
            else if (isLocked)
            {
                MountNew(request, image);
            }
            else
            {
                throw new ClusterException(ErrorCode.Busy, $"The image of volume '{request.Volume.Name}' is being mounted or unmounted by another plugin host on this machine. Two would destroy the data; if that one fails, try again.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.Internal, exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public bool IsMounted(string image, string mountpoint) => MountedDevice(image, mountpoint) is not null;

    /// <inheritdoc/>
    public bool IsInUse(string image) => LoopDevice.Find(image) is not null;

    /// <inheritdoc/>
    public bool Grow(string image, string mountpoint)
    {
        var number = MountedDevice(image, mountpoint)
            ?? throw new ClusterException(ErrorCode.Internal, $"The image '{image}' is not mounted at '{mountpoint}', so its file system cannot be grown there.");
        using var device = LoopDevice.Open(number);
        var size = new FileInfo(image).Length;
        var adapted = LoopDevice.SizeOf(device) < size;
        if (adapted)
        {
            LoopDevice.AdaptSize(device);
        }

        // ext4's superblock is always current on the device, that of XFS is not.
        var content = ImageContent.Read(device);
        if (size - (content.Kind == ContentKind.Xfs ? MountedFileSystem.SizeOfXfs(mountpoint) : content.FileSystemBytes) < GrowthThreshold)
        {
            return adapted;
        }

        var error = MountedFileSystem.Grow(mountpoint, content.Kind, size);
        return error == 0
            ? true
            : throw new ClusterException(ErrorCode.Internal, $"The file system at '{mountpoint}' cannot be grown while it is mounted: {LibC.Describe(error)}. It grows at the next mount.");
    }

    /// <inheritdoc/>
    public void Clear(string image)
    {
        using var file = File.OpenHandle(image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Clear(file);
    }

    /// <inheritdoc/>
    public void Unmount(string image, string mountpoint, TimeSpan limit)
    {
        var device = MountedDevice(image, mountpoint);
        if (device is not null)
        {
            Unmount(mountpoint, limit);
        }

        // A device that a mount of another namespace still holds is still written to, so the lease must not end yet.
        if (!SpinUntil(() => device is { } number ? !LoopDevice.Has(number, image) : LoopDevice.Find(image) is null, ReleaseLimit))
        {
            throw new ClusterException(ErrorCode.Busy, $"The volume is unmounted from '{mountpoint}', but a mount in another mount namespace still uses it.");
        }

        RemoveMountpoint(mountpoint);
    }

    private static void Unmount(string mountpoint, TimeSpan limit)
    {
        var error = 0;
        var unmounted = SpinUntil(
            () =>
            {
                error = LibC.Unmount(mountpoint, UnmountNoFollow) == 0 ? 0 : LibC.LastError;
                return error != ErrorNumber.DeviceBusy;
            },
            limit);
        if (!unmounted)
        {
            throw new ClusterException(ErrorCode.Busy, $"'{mountpoint}' is still in use by a process after {limit.TotalSeconds:0} s of trying to unmount it.");
        }

        // Invalid argument: it is no longer a mountpoint, so another has unmounted it meanwhile.
        if (error is not (0 or ErrorNumber.InvalidArgument))
        {
            throw new ClusterException(ErrorCode.Internal, $"'{mountpoint}' could not be unmounted: {LibC.Describe(error)}.");
        }
    }

    private static void RemoveMountpoint(string mountpoint)
    {
        try
        {
            Directory.Delete(mountpoint);
        }
        catch (IOException)
        {
            // Gone already, or not empty since someone wrote under it while nothing was mounted: that is not ours to remove.
        }
    }

    private static uint? MountedDevice(string image, string mountpoint) =>
        FileStatistics.FindAtOnce(mountpoint) is { Major: LoopDevice.Major, Minor: var number } && LoopDevice.Has(number, image) ? number : null;

    private static bool SpinUntil(Func<bool> done, TimeSpan limit)
    {
        const int LongestPause = 200;
        var until = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        for (var pause = 1; !done(); pause = Math.Min(pause * 2, LongestPause))
        {
            if (Environment.TickCount64 >= until)
            {
                return false;
            }

            Thread.Sleep(pause);
        }

        return true;
    }

    // The same device may be mounted a second time: the kernel then shares one file system. Two devices over one image would destroy it.
    private static void MountExisting(MountRequest request, SafeFileHandle image, uint number)
    {
        if (!request.DeviceIsOurs)
        {
            throw new ClusterException(ErrorCode.Busy, $"The image of volume '{request.Volume.Name}' is in use by {LoopDevice.PathOf(number)}, which this plugin host did not set up. Free that device first ('losetup -a' lists it): two would destroy the data.");
        }

        MountDevice(request, LoopDevice.PathOf(number), ImageContent.Read(image).Kind);
    }

    private void MountNew(MountRequest request, SafeFileHandle image)
    {
        request.Progress("reading the image");
        var size = RandomAccess.GetLength(image);
        var content = ImageContent.Read(image);
        if (content.Kind != ContentKind.Blank && IsHalfMade(request.Mark, content))
        {
            request.Progress("clearing a file system that was half made");
            Clear(image);
            request.Cleared();
            content = default;
        }

        if (content.Kind != ContentKind.Blank)
        {
            MountKnown(request, image, content, size, made: false);
            return;
        }

        var id = FileSystemIdentity.Create(request.Volume);
        request.BeforeFormatting(id);
        try
        {
            request.Progress("making the file system");
            _maker.Make(request.Image, image, request.Volume, size, id);
            MountKnown(request, image, ImageContent.Read(image), size, made: true);
        }
        catch
        {
            Clear(image);
            request.Cleared();
            throw;
        }
    }

    private static bool IsHalfMade(FormattingMark? mark, ImageContent content) =>
        mark is not null && (mark.SameLease || content.FileSystemId == mark.FileSystemId);

    private static void Clear(SafeFileHandle image)
    {
        SparseFile.Clear(image, 0, RandomAccess.GetLength(image));
        RandomAccess.FlushToDisk(image);
    }

    private static void MountKnown(MountRequest request, SafeFileHandle image, ImageContent content, long size, bool made)
    {
        if (content.Kind is not (ContentKind.Ext4 or ContentKind.Xfs))
        {
            throw new ClusterException(ErrorCode.Refused, string.Create(CultureInfo.InvariantCulture, $"The image of volume '{request.Volume.Name}' holds neither ext4 nor XFS and is not blank (first data at byte {content.FirstDataOffset}), so it is neither mounted nor formatted."));
        }

        if (content.Kind == ContentKind.Ext4)
        {
            content = Ext4Care.Prepare(request, image, content);
        }

        if (!MountOnDevice(request, image, content, size, made))
        {
            Ext4Care.Grow(request);
            _ = MountOnDevice(request, image, content with { FileSystemBytes = size }, size, made);
        }
    }

    // Returns false, with nothing mounted, if the file system must be grown and cannot be while it is mounted.
    private static bool MountOnDevice(MountRequest request, SafeFileHandle image, ImageContent content, long size, bool made)
    {
        request.Progress("setting up the loop device");
        using var device = LoopDevice.Create(image, out var number);
        MountDevice(request, LoopDevice.PathOf(number), content.Kind);
        try
        {
            if (!IsMountedFrom(request.Mountpoint, number))
            {
                throw new ClusterException(ErrorCode.Internal, $"The mount of '{request.Mountpoint}' was reported as done, but nothing is mounted there.");
            }

            LostAndFound.TakeAway(request);
            if (made)
            {
                SetRoot(request);

                // The kernel has synced the image while it mounted, for its own writes to the superblock and the journal. That makes this one
                // cheap after the mount and costly before it; it is here because what is answered must not rest on how a kernel mounts.
                RandomAccess.FlushToDisk(image);
            }
            else if (content.Kind == ContentKind.Xfs && FileSystemIdentity.IsOfAnother(content.FileSystemId, request.Volume))
            {
                SetXfsLabel(request);
            }

            if (!made && size - content.FileSystemBytes >= GrowthThreshold && !GrowMounted(request, content.Kind, size))
            {
                Unmount(request.Mountpoint, ReleaseLimit);
                device.Dispose();
                if (!SpinUntil(() => !LoopDevice.Has(number, request.Image), ReleaseLimit))
                {
                    throw new ClusterException(ErrorCode.Busy, $"{LoopDevice.PathOf(number)} is still in use, so the file system of volume '{request.Volume.Name}' cannot be grown.");
                }

                return false;
            }

            return true;
        }
        catch
        {
            _ = LibC.Unmount(request.Mountpoint, UnmountNoFollow);
            RemoveMountpoint(request.Mountpoint);
            throw;
        }
    }

    private static bool IsMountedFrom(string mountpoint, uint number) => FileStatistics.FindAtOnce(mountpoint) is { Major: LoopDevice.Major } file && file.Minor == number;

    private static void MountDevice(MountRequest request, string device, ContentKind kind)
    {
        const nuint NoSetUid = 2;
        const nuint NoDevices = 4;
        request.Progress($"mounting {device}");
        Directory.CreateDirectory(request.Mountpoint);

        // Clones of an XFS volume have its identity: to change it, xfs_admin empties the log first and writes the identity last, and a crash
        // in between leaves what nobody can mount. An ext4 that meets an error must not be written on. What is deleted frees its space in the image.
        var (fileSystem, data) = kind == ContentKind.Xfs ? ("xfs", "nouuid,discard") : ("ext4", "errors=remount-ro,discard");
        if (LibC.Mount(device, request.Mountpoint, fileSystem, NoSetUid | NoDevices, data) != 0)
        {
            var error = LibC.LastError;
            RemoveMountpoint(request.Mountpoint);
            throw LibC.Failure($"The {fileSystem} file system of volume '{request.Volume.Name}' could not be mounted{Advice(request, kind, error)}", error);
        }
    }

    private static string Advice(MountRequest request, ContentKind kind, int error) => error is ErrorNumber.NeedsCleaning or ErrorNumber.BadMessage or ErrorNumber.InvalidArgument
        ? $", for it is damaged ({(kind == ContentKind.Xfs ? "xfs_repair" : "e2fsck -f")} {request.Image} repairs what can be repaired; make a copy of the image before)"
        : string.Empty;

    private static void SetXfsLabel(MountRequest request)
    {
        var error = MountedFileSystem.SetLabel(request.Mountpoint, FileSystemIdentity.XfsLabel(request.Volume.Name));
        if (error != 0)
        {
            request.Warn($"The XFS file system of volume '{request.Volume.Name}' keeps the label of the one that it was cloned from: {LibC.Describe(error)}.");
        }
    }

    private static void SetRoot(MountRequest request)
    {
        const int DefaultMode = 0x1ED; // 0755
        var (volume, path) = (request.Volume, request.Mountpoint);
        if ((volume.Uid is not null || volume.Gid is not null) && LibC.ChangeOwner(path, (uint)(volume.Uid ?? 0), (uint)(volume.Gid ?? 0)) != 0)
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
        request.Progress("growing the file system");
        var error = MountedFileSystem.Grow(request.Mountpoint, kind, size);
        if (error != 0 && kind == ContentKind.Xfs)
        {
            request.Warn($"The XFS file system of volume '{request.Volume.Name}' could not be grown: {LibC.Describe(error)}.");
            return true;
        }

        return error == 0;
    }
}
