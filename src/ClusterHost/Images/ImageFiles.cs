using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>The image files of a data directory: where they are, and the steps on them that are durable when they return.</summary>
internal sealed class ImageFiles
{
    public const string Extension = ".img";

    /// <summary>The end of the name of a file that is being made. A start removes it: docs/crash-order.md.</summary>
    public const string Unfinished = ".img.tmp";

    /// <summary>What matches the names of files with which a start tries what the file system can do.</summary>
    public const string Probes = "probe-*.tmp*";

    private const string Volumes = "volumes";
    private const string Snapshots = "snapshots";

    private readonly IImageSystem _system;

    public ImageFiles(string directory, IImageSystem system)
    {
        _system = system;
        VolumeDirectory = Path.Combine(directory, Volumes);
        SnapshotDirectory = Path.Combine(directory, Snapshots);
        _ = Directory.CreateDirectory(VolumeDirectory);
        _ = Directory.CreateDirectory(SnapshotDirectory);
    }

    public string VolumeDirectory { get; }

    public string SnapshotDirectory { get; }

    /// <summary>Tells where a data directory's images are, or would be.</summary>
    public static IEnumerable<string> Directories(string directory) =>
        [Path.Combine(directory, Volumes), Path.Combine(directory, Snapshots)];

    public string Volume(string id) => Path.Combine(VolumeDirectory, id + Extension);

    public string Snapshot(string id) => Path.Combine(SnapshotDirectory, id + Extension);

    public void Grow(string path, long size)
    {
        using var file = Guard(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        if (RandomAccess.GetLength(file) < size)
        {
            _system.SetLength(file, path, size);
            Flush(file, path);
        }
    }

    public static void Remove(string path) => Guard(path, () =>
    {
        File.Delete(path);
        File.Delete(Path.ChangeExtension(path, Unfinished));
        return true;
    });

    public static void Flush(string path)
    {
        using var file = Guard(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        Flush(file, path);
    }

    public static void Flush(SafeFileHandle file, string path) => Guard(path, () =>
    {
        RandomAccess.FlushToDisk(file);
        return true;
    });

    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Explain(path, error);
        }
    }
}
