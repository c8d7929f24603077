using System.Runtime.Versioning;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>A loop device over an image, and where its file system is mounted.</summary>
/// <param name="Name">Such as <c>loop3</c>.</param>
/// <param name="Number">Such as <c>7:3</c>, or <see langword="null"/>.</param>
/// <param name="MountPoint">A mount point that this process can see, or <see langword="null"/>.</param>
/// <param name="MountedElsewhere">Whether a file system of the device is mounted though no mount point of it can be seen from here.</param>
internal sealed record ImageLoop(string Name, string? Number, string? MountPoint, bool MountedElsewhere)
{
    public string Path => "/dev/" + Name;
}

/// <summary>Finds loop devices and their mounts, from what the kernel tells everybody.</summary>
[SupportedOSPlatform("linux")]
internal static class LoopDevices
{
    private static readonly string[] FileSystems = ["ext4", "xfs", "btrfs", "f2fs"];

    /// <summary>Finds the loop devices whose backing file is this image.</summary>
    public static IReadOnlyList<ImageLoop> Find(string imagePath)
    {
        var devices = new List<ImageLoop>();
        foreach (var directory in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            // A device without a backing file has no such attribute; one may also go away meanwhile.
            if (TryRead(Path.Combine(directory, "loop/backing_file")) is { } file && IsImage(file.TrimEnd('\n'), imagePath))
            {
                devices.Add(Describe(Path.GetFileName(directory), TryRead(Path.Combine(directory, "dev"))?.Trim()));
            }
        }

        return devices;
    }

    // A managed plugin sees the folder of the images through a mount of its own. Of a device that it set up the kernel tells, once the plugin
    // has ended, only the path below that mount; an image's name is unique.
    private static bool IsImage(string file, string imagePath) => file.StartsWith('/') && imagePath.EndsWith(file, StringComparison.Ordinal);

    private static ImageLoop Describe(string name, string? number)
    {
        var mountPoint = File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 4 && fields[2] == number)
            .Select(fields => Unescape(fields[4]))
            .FirstOrDefault();
        var mounted = FileSystems.Any(fileSystem => Directory.Exists($"/sys/fs/{fileSystem}/{name}"));
        return new ImageLoop(name, number, mountPoint, mountPoint is null && mounted);
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The kernel writes blank, tab, newline and backslash in paths as three octal digits.
    private static string Unescape(string path)
    {
        if (!path.Contains('\\', StringComparison.Ordinal))
        {
            return path;
        }

        var text = new StringBuilder();
        for (var index = 0; index < path.Length; index++)
        {
            if (path[index] == '\\' && index + 3 < path.Length)
            {
                _ = text.Append((char)Convert.ToInt32(path.Substring(index + 1, 3), 8));
                index += 3;
            }
            else
            {
                _ = text.Append(path[index]);
            }
        }

        return text.ToString();
    }
}
