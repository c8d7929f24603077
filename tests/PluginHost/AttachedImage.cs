using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// The image of a volume that the attacher mounts without a plugin host around it, with all that the attacher tells meanwhile.
/// </summary>
internal sealed class AttachedImage : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hv-plugin-tests-").FullName;
    private readonly ImageAttacher _attacher;

    public AttachedImage(string fileSystem, string name = "data", string size = "320MB")
    {
        Skip.IfNot(PluginFixture.IsRoot, "Mounting needs root.");
        _attacher = new ImageAttacher(new FileSystemMaker(_root));
        Volume = new Volume
        {
            Name = name,
            Id = Guid.NewGuid().ToString(),
            Size = new ByteSize(size),
            FileSystem = Enum.Parse<VolumeFileSystem>(fileSystem, ignoreCase: true),
        };
        using var image = File.Create(Path);
        image.SetLength(Volume.Size);
    }

    public Volume Volume { get; set; }

    public string Path => System.IO.Path.Combine(_root, "image");

    public string Mountpoint => System.IO.Path.Combine(_root, "mounted");

    /// <summary>Gets the steps of the last mount.</summary>
    public IReadOnlyList<string> Steps { get; private set; } = [];

    /// <summary>Gets whether a mount has ever taken the image for blank.</summary>
    public bool BeganToFormat { get; private set; }

    public List<string> Warnings { get; } = [];

    public string Label => Probe("LABEL");

    public string Uuid => Probe("UUID");

    /// <summary>Gets the bytes that the image takes up on disk.</summary>
    public long Allocated => long.Parse(ChildProcess.Run("stat", "-c", "%b", Path).Output, CultureInfo.InvariantCulture) * 512;

    public string Mount()
    {
        var report = new MountReport();
        try
        {
            MountAt(Mountpoint, report);
        }
        finally
        {
            Steps = report.Steps;
            Warnings.AddRange(report.Warnings);
        }

        return Mountpoint;
    }

    /// <summary>Mounts it at a place that has a number as soon as all others do.</summary>
    /// <returns>Why it failed, or <see langword="null"/>.</returns>
    public string? TryMountAt(int number, Barrier start)
    {
        start.SignalAndWait();
        try
        {
            MountAt(Numbered(number), new MountReport());
            return null;
        }
        catch (ClusterException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Unmounts what was mounted at places with numbers below one.</summary>
    public void UnmountAll(int end)
    {
        for (var number = 0; number < end; number++)
        {
            if (_attacher.IsMounted(Path, Numbered(number)))
            {
                _attacher.Unmount(Path, Numbered(number), TimeSpan.FromSeconds(10));
            }
        }
    }

    /// <summary>Counts the loop devices over the image.</summary>
    public int CountDevices() => Directory.EnumerateDirectories("/sys/block", "loop*")
        .Count(
            device =>
                LoopDevice.Has(uint.Parse(System.IO.Path.GetFileName(device).AsSpan("loop".Length), CultureInfo.InvariantCulture), Path));

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{Mountpoint}{number}");

    private void MountAt(string mountpoint, MountReport report)
    {
        using var image = _attacher.Inspect(new MountRequest { Volume = Volume, Image = Path, Mountpoint = mountpoint, Report = report });
        if (image.State != ImageState.Blank)
        {
            _attacher.Mount(image);
            return;
        }

        BeganToFormat = true;
        try
        {
            _attacher.Format(image, FileSystemIdentity.Create(Volume));
            _attacher.Mount(image);
        }
        catch
        {
            _attacher.Clear(image);
            throw;
        }
    }

    public void Unmount() => _attacher.Unmount(Path, Mountpoint, TimeSpan.FromSeconds(10));

    /// <summary>Mounts it, writes a file and unmounts it.</summary>
    public void MountAndWrite(string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Mount(), "file"), content);
        Unmount();
    }

    /// <summary>Mounts it, reads the file and unmounts it.</summary>
    public string MountAndRead()
    {
        var content = File.ReadAllText(System.IO.Path.Combine(Mount(), "file"));
        Unmount();
        return content;
    }

    /// <summary>Takes over another's content as it is now, even if that is mounted: as after a power failure.</summary>
    public void CopyFrom(AttachedImage source) => File.Copy(source.Path, Path, overwrite: true);

    public void Write(long offset, params ReadOnlySpan<byte> bytes)
    {
        using var image = File.OpenHandle(Path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(image, bytes, offset);
    }

    public void Dispose()
    {
        _ = LibC.Unmount(Mountpoint, 0);
        Directory.Delete(_root, recursive: true);
    }

    private string Probe(string tag) => ChildProcess.Run("blkid", "-p", "-o", "value", "-s", tag, Path).Output;
}
