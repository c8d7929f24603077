using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>Mounts volumes whose data is an image file on this machine, through loop devices.</summary>
internal sealed class ImageAttacher : IAttacher
{
    private readonly FileSystemMaker _maker;

    public ImageAttacher(FileSystemMaker maker) => _maker = maker;

    /// <inheritdoc/>
    public string Resolve(string path) => LibC.RealPath(path)
        ?? throw new ClusterException(
            ErrorCode.Internal,
            $"The volume's image '{path}' cannot be found on this machine: {LibC.Describe(LibC.LastError)}. "
                + "Is the cluster on another one?");

    /// <inheritdoc/>
    public InspectedImage Inspect(MountRequest request)
    {
        if (IsMounted(request.Image, request.Mountpoint))
        {
            return new InspectedImage(request, file: null) { State = ImageState.Mounted };
        }

        return Guard(() =>
        {
            var image = new InspectedImage(request, Open(request.Image));
            try
            {
                Inspect(image);
                return image;
            }
            catch
            {
                image.Dispose();
                throw;
            }
        });
    }

    /// <inheritdoc/>
    public void Clear(InspectedImage image) => Guard(() =>
    {
        image.Request.Report.Begin("clearing a file system that was half made");
        Clear(image.File);
        (image.Content, image.State, image.IsMade) = (default, ImageState.Blank, false);
        return true;
    });

    /// <inheritdoc/>
    public void Format(InspectedImage image, Guid id) => Guard(() =>
    {
        var request = image.Request;
        request.Report.Begin("creating the file system");
        _maker.Make(request.Image, image.File, request.Volume, RandomAccess.GetLength(image.File), id);
        (image.Content, image.State, image.IsMade) = (ImageContent.Read(image.File), ImageState.Ready, true);
        return true;
    });

    /// <inheritdoc/>
    public void Mount(InspectedImage image)
    {
        if (image.State != ImageState.Mounted)
        {
            Guard(() =>
            {
                ImageMount.Make(image);
                return true;
            });
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
            ?? throw new ClusterException(
                ErrorCode.Internal, $"The image '{image}' is not mounted at '{mountpoint}', so its file system cannot be grown there.");
        using var device = LoopDevice.Open(number);
        var size = new FileInfo(image).Length;
        var adapted = LoopDevice.SizeOf(device) < size;
        if (adapted)
        {
            LoopDevice.AdaptSize(device);
        }

        // ext4's superblock is always current on the device, that of XFS is not.
        var content = ImageContent.Read(device);
        var present = content.Kind == ContentKind.Xfs ? MountedFileSystem.SizeOfXfs(mountpoint) : content.FileSystemBytes;
        if (size - present < MountedFileSystem.GrowthThreshold)
        {
            return adapted;
        }

        var error = MountedFileSystem.Grow(mountpoint, content.Kind, size);
        return error == 0
            ? true
            : throw new ClusterException(
                ErrorCode.Internal,
                $"The file system at '{mountpoint}' cannot be grown while it is mounted: {LibC.Describe(error)}. "
                    + "It grows at the next mount.");
    }

    /// <inheritdoc/>
    public void Clear(string image)
    {
        using var file = Open(image);
        Clear(file);
    }

    /// <inheritdoc/>
    public void Unmount(string image, string mountpoint, TimeSpan limit)
    {
        var device = MountedDevice(image, mountpoint);
        if (device is not null)
        {
            MountDirectory.Unmount(mountpoint, limit);
        }

        // A device that a mount of another namespace still holds is still written to, so the lease must not end yet.
        if (!Waiting.Until(
            () => device is { } number ? !LoopDevice.Has(number, image) : LoopDevice.Find(image) is null, MountDirectory.ReleaseLimit))
        {
            throw new ClusterException(
                ErrorCode.Busy, $"The volume is unmounted from '{mountpoint}', but a mount in another mount namespace still uses it.");
        }

        MountDirectory.Remove(mountpoint);
    }

    private static SafeFileHandle Open(string image) => File.OpenHandle(image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private static void Inspect(InspectedImage image)
    {
        var request = image.Request;
        request.Report.Begin("looking for a loop device that has the image");

        // Whoever mounts has the lock from before it looks for a device, and then the device has it: so two never find none and both set
        // one up.
        var isLocked = OpenFileLock.TryTake(image.File);
        image.Device = LoopDevice.Find(request.Image);
        if (image.Device is { } number)
        {
            // The same device may be mounted a second time: the kernel then shares one file system. Two devices over one image would
            // destroy it.
            if (!request.DeviceIsOurs)
            {
                throw new ClusterException(
                    ErrorCode.Busy,
                    $"The image of volume '{request.Volume.Name}' is in use by {LoopDevice.PathOf(number)}, which this plugin host did not "
                    + "set up. Free that device first ('losetup -a' lists it): two would destroy the data.");
            }
        }
        else if (!isLocked)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"The image of volume '{request.Volume.Name}' is being mounted or unmounted by another plugin host on this machine. "
                + "Two would destroy the data; if that one fails, try again.");
        }

        request.Report.Begin("reading the image");
        image.Content = ImageContent.Read(image.File);
        image.State = image.Device is not null ? ImageState.Ready
            : image.Content.Kind == ContentKind.Blank ? ImageState.Blank
            : request.Mark?.Covers(image.Content) == true ? ImageState.HalfMade
            : ImageState.Ready;
    }

    private static T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.Internal, exception.Message, exception);
        }
    }

    private static void Clear(SafeFileHandle image)
    {
        SparseFile.Clear(image, 0, RandomAccess.GetLength(image));
        RandomAccess.FlushToDisk(image);
    }

    private static uint? MountedDevice(string image, string mountpoint) =>
        FileStatistics.FindAtOnce(mountpoint) is { Major: LoopDevice.Major, Minor: var number } && LoopDevice.Has(number, image)
            ? number
            : null;
}
