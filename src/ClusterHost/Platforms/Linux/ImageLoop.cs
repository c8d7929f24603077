using System.Runtime.Versioning;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>A loop device over an image, and where its file system is mounted, from what the kernel tells everybody.</summary>
/// <param name="Name">Such as <c>loop3</c>.</param>
/// <param name="Number">Such as <c>7:3</c>, or <see langword="null"/>.</param>
/// <param name="MountPoint">A mount point that this process can see, or <see langword="null"/>.</param>
/// <param name="MountedElsewhere">Whether a file system of the device is mounted though no mount point of it can be seen from here.</param>
[SupportedOSPlatform("linux")]
internal sealed record ImageLoop(string Name, string? Number, string? MountPoint, bool MountedElsewhere)
{
    private static readonly string[] FileSystems = ["ext4", "xfs", "btrfs", "f2fs"];

    public string Path => "/dev/" + Name;

    /// <summary>Finds the loop devices whose backing file is this image.</summary>
    public static IReadOnlyList<ImageLoop> Find(string imagePath) =>
        [.. LoopDevice.Numbers().Where(number => ImageOf(number) is { } file && IsImage(file, imagePath)).Select(Describe)];

    // A managed plugin sees the folder of the images through a mount of its own. Of a device that it set up the kernel tells, once the
    // plugin
    // has ended, only the path below that mount; an image's name is unique.
    private static bool IsImage(string file, string imagePath) =>
        file.StartsWith('/') && imagePath.EndsWith(file, StringComparison.Ordinal);

    // What this process may not look at is not told to it.
    private static string? ImageOf(uint number)
    {
        try
        {
            return LoopDevice.ImageOf(number);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ImageLoop Describe(uint device)
    {
        var name = System.IO.Path.GetFileName(LoopDevice.PathOf(device));
        var number = NumberOf(name);
        var mountPoint = MountInfo.Of(MountInfo.Self).FirstOrDefault(mount => mount.Device == number)?.Mountpoint;
        var mounted = FileSystems.Any(fileSystem => Directory.Exists($"/sys/fs/{fileSystem}/{name}"));
        return new ImageLoop(name, number, mountPoint, mountPoint is null && mounted);
    }

    // The device may go away meanwhile.
    private static string? NumberOf(string name)
    {
        try
        {
            return File.ReadAllText($"/sys/block/{name}/dev").Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
