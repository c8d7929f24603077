namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>An image mounted through a loop device.</summary>
internal sealed class LoopMount : IDisposable
{
    private readonly string _image;
    private bool _mounted;

    private LoopMount(string image, string mountPoint, string? options)
    {
        _image = image;
        MountPoint = mountPoint;
        _ = Directory.CreateDirectory(mountPoint);
        Device = Shell.Run("losetup", "--find", "--show", image).Trim();
        try
        {
            Shell.Run("mount", options is null ? [Device, mountPoint] : ["-o", options, Device, mountPoint]);
            _mounted = true;
        }
        catch
        {
            Shell.Run("losetup", "--detach", Device);
            throw;
        }
    }

    public string MountPoint { get; }

    public string Device { get; }

    /// <summary>Makes a file system in a new sparse file and mounts it.</summary>
    public static LoopMount Make(string fileSystem, string image, string mountPoint, long size)
    {
        using (var file = File.Create(image))
        {
            file.SetLength(size);
        }

        Format(fileSystem, image);
        return new LoopMount(image, mountPoint, null);
    }

    /// <summary>Mounts an image that has a file system.</summary>
    public static LoopMount Open(string fileSystem, string image, string mountPoint) =>
        new(image, mountPoint, string.Equals(fileSystem, "xfs", StringComparison.Ordinal) ? "nouuid" : null);

    public static void Format(string fileSystem, string image) =>
        Shell.Run("mkfs." + fileSystem, string.Equals(fileSystem, "xfs", StringComparison.Ordinal) ? ["-q", image] : ["-q", "-F", image]);

    /// <summary>Checks an image that is not mounted; the journal has been replayed by a mount before.</summary>
    public static void Check(string fileSystem, string image) =>
        Shell.Run(
            string.Equals(fileSystem, "xfs", StringComparison.Ordinal) ? "xfs_repair" : "e2fsck",
            string.Equals(fileSystem, "xfs", StringComparison.Ordinal) ? ["-n", image] : ["-fn", image]);

    public void Unmount()
    {
        if (_mounted)
        {
            _mounted = false;
            Shell.Run("umount", MountPoint);
            Shell.Run("losetup", "--detach", Device);
            WaitForDevice();
        }
    }

    public void Dispose() => Unmount();

    // The kernel gives a detached device's image free a moment later.
    private void WaitForDevice()
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (Shell.Run("losetup", "--associated", _image).Split('\n').Any(line => line.StartsWith(Device + ":", StringComparison.Ordinal))
            && DateTime.UtcNow < deadline)
        {
            System.Threading.Thread.Sleep(10);
        }
    }
}
