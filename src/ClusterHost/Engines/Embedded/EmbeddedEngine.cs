using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Platforms;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Engines.Embedded;

/// <summary>Volumes as sparse image files of one directory, for hosts on this machine.</summary>
internal sealed class EmbeddedEngine : IStorageEngine
{
    private const long MostOfBlank = 16 << 10;

    private const long BlockSize = 4096;
    private const long SmallestVolume = 1L << 20;

    private readonly string _directory;
    private readonly ImageFiles _files;
    private readonly BlockingThreads _threads = new(limit: 64);
    private readonly IImageSystem _system;
    private readonly ImageCopies _copies;
    private readonly ImageChecks _checks;
    private readonly IImageUsers _users;
    private int _settingSize;
    private int _volumesRemoved;
    private int _snapshotsRemoved;

    /// <summary>Opens the directory, and looks what its file system can do.</summary>
    /// <param name="directory">Where <c>volumes</c> and <c>snapshots</c> are or will be.</param>
    /// <param name="limits">How long a copy of an image that is in use may take from others.</param>
    /// <param name="cluster">The cluster's identity, which images get, too.</param>
    public EmbeddedEngine(string directory, CopyLimits limits, string cluster)
    {
        _system = RunningSystem.Current.Images;
        _directory = directory;
        _files = new ImageFiles(directory, _system);
        RemoveProbes();
        var sharesData = _system.CanShare(_files.VolumeDirectory);
        _checks = new ImageChecks(_system, cluster);
        _copies = new ImageCopies(_system, sharesData, _checks);
        _users = RunningSystem.Current.FindUsers(_copies, limits);
        Capabilities = new EngineCapabilities
        {
            Name = "Embedded",
            VolumeTypes = [VolumeType.Block, VolumeType.File],
            HonouredAttributes = [],
            SharesData = sharesData,
            OwnMachineOnly = true,
            FencesHolders = true,
            RevertsAtOnce = true,
            Storage = "the data directory's file system",
            MinimumVolumeBytes = SmallestVolume,
            MaximumVolumeBytes = FindLargestFile(out var sparse),
            Limitation = sparse
                ? null
                : $"The file system of {_files.VolumeDirectory} has no sparse files: a volume takes up its whole size from the start.",
        };
    }

    public EngineCapabilities Capabilities { get; }

    public VolumeAttributes Effective(VolumeAttributes requested) => new()
    {
        ReplicationFactor = requested.ReplicationFactor is null ? null : 1,
        ReplicationPolicy = requested.ReplicationPolicy is null ? null : ReplicationPolicy.Agnostic,
        DataCenters = requested.DataCenters is null ? null : [],
        CacheEnabled = requested.CacheEnabled is null ? null : false,
        Compression = requested.Compression is null ? null : false,
        Deduplication = requested.Deduplication is null ? null : false,
        Encryption = requested.Encryption is null ? null : false,
    };

    public VolumeAttributes Effective(string volumeId, VolumeAttributes requested) => Effective(requested);

    public Task CheckAsync(VolumeAttributes requested) => Task.CompletedTask;

    public Task PrepareVolumesAsync(IReadOnlyCollection<string> volumeIds) => _threads.RunAsync(() =>
    {
        foreach (var id in volumeIds)
        {
            _system.CreateEmpty(_files.Volume(id));
            _checks.Own(_files.Volume(id));
        }

        _system.FlushDirectory(_files.VolumeDirectory);
    });

    // To set a size takes less than to hand it to another thread, so one request at a time does it itself. Should the storage hang, one
    // thread that answers requests hangs with it, and no second.
    public Task<IReadOnlyDictionary<string, ClusterException>> CreateVolumesAsync(
        IReadOnlyCollection<NewVolume> volumes)
    {
        if (volumes.Count > 1 || Interlocked.Exchange(ref _settingSize, 1) != 0)
        {
            return _threads.RunAsync<IReadOnlyDictionary<string, ClusterException>>(() => SetSizes(volumes));
        }

        try
        {
            return Task.FromResult<IReadOnlyDictionary<string, ClusterException>>(SetSizes(volumes));
        }
        finally
        {
            Volatile.Write(ref _settingSize, 0);
        }
    }

    public Task<IReadOnlyList<string>> RestoreSizesAsync(
        IReadOnlyCollection<(string VolumeId, long Size)> volumes) => _threads.RunAsync<IReadOnlyList<string>>(() =>
    {
        var restored = new List<string>();
        foreach (var (id, size) in volumes)
        {
            var path = _files.Volume(id);
            if (_system.TryGetStatus(path, out var status) && status.Size < size)
            {
                _files.Grow(path, size);
                restored.Add(path);
            }
        }

        return restored;
    });

    public Task FlushVolumeAsync(string volumeId) => _threads.RunAsync(() => ImageFiles.Flush(_files.Volume(volumeId)));

    public string? FindDamage(string volumeId, long size) => _checks.FindDamage(_files.Volume(volumeId), size);

    public Task<string?> FindDamageAsync(string volumeId, long size, string? seal) =>
        _threads.RunAsync(() => _checks.FindDamage(_files.Volume(volumeId), size, seal));

    public Task<string?> FindSnapshotDamageAsync(string volumeId, string snapshotId, long size, string? seal) =>
        _threads.RunAsync(() => _checks.FindDamage(_files.Snapshot(snapshotId), size, seal));

    public Task<string?> SealVolumeAsync(string volumeId) => _threads.RunAsync(() => Seal(_files.Volume(volumeId)));

    public Task<string?> SealSnapshotAsync(string snapshotId) => _threads.RunAsync(() => Seal(_files.Snapshot(snapshotId)));

    public Task GrowVolumeAsync(string volumeId, long size) =>
        _threads.RunAsync(() => _files.Grow(_files.Volume(volumeId), size));

    public Task DeleteVolumeAsync(string volumeId) => _threads.RunAsync(() =>
    {
        ImageFiles.Remove(_files.Volume(volumeId));
        Volatile.Write(ref _volumesRemoved, 1);
    });

    public Task<long> CreateSnapshotAsync(string volumeId, string snapshotId) => _threads.RunAsync(() =>
    {
        var target = _files.Snapshot(snapshotId);
        _users.Copy(_files.Volume(volumeId), target, size: null);
        return _system.TryGetStatus(target, out var status) ? status.Allocated : 0;
    });

    public Task DeleteSnapshotAsync(string volumeId, string snapshotId) => _threads.RunAsync(() =>
    {
        ImageFiles.Remove(_files.Snapshot(snapshotId));
        Volatile.Write(ref _snapshotsRemoved, 1);
    });

    public Task CloneAsync(string sourceVolumeId, string? snapshotId, NewVolume volume) => _threads.RunAsync(() =>
    {
        var target = _files.Volume(volume.Id);
        if (snapshotId is null)
        {
            _users.Copy(_files.Volume(sourceVolumeId), target, volume.Size);
        }
        else
        {
            _users.CopyUnused(_files.Snapshot(snapshotId), target, volume.Size);
        }
    });

    public Task RevertVolumeAsync(string volumeId, string snapshotId, long size) =>
        _threads.RunAsync(() => _users.CopyUnused(_files.Snapshot(snapshotId), _files.Volume(volumeId), size));

    // The last step of a revert is one rename: it is over already, or it has never happened.
    public Task ResumeRevertAsync(string volumeId, string snapshotId, long size) => Task.CompletedTask;

    // All images lie in the one directory.
    public bool IsMisplaced(string volumeId, VolumeAttributes requested) => false;

    public Task MoveVolumeAsync(string volumeId, VolumeAttributes requested, IProgress<double> progress) => Task.CompletedTask;

    public Task ReleaseVolumeAsync(string volumeId) => _threads.RunAsync(() => _users.Release(_files.Volume(volumeId)));

    public Task<string?> FindUserAsync(string volumeId)
    {
        var image = _files.Volume(volumeId);
        return _users.IsOpenNowhere(image) ? Task.FromResult<string?>(null) : _threads.RunAsync(() => _users.Find(image));
    }

    // Holders are processes of this machine in this boot. One that runs may be about to write, whether it has the image open now or not.
    public Task<string?> FenceAsync(string volumeId, Attachment holder) => _threads.RunAsync(() =>
    {
        var process = ProcessIdentity.Parse(holder.Process);
        return process?.HasEnded() switch
        {
            null => $"it cannot be told from here whether the plugin host of '{holder.Host}' still runs.",
            false => $"the plugin host of '{holder.Host}' (process {process.Id}) runs.",
            _ =>
                _users.IsOpenNowhere(_files.Volume(volumeId))
                    ? null
                    : $"the plugin host of '{holder.Host}' has ended, but the volume is still in use on this machine, "
                        + "as by a mount that it has left.",
        };
    });

    public Task FlushRemovalsAsync() => _threads.RunAsync(() =>
    {
        FlushRemovals(_files.VolumeDirectory, ref _volumesRemoved);
        FlushRemovals(_files.SnapshotDirectory, ref _snapshotsRemoved);
    });

    public Task<EngineDevice> LocateAsync(string volumeId) => Task.FromResult(new EngineDevice("image", _files.Volume(volumeId)));

    public long? GetAllocated(string volumeId) => _system.TryGetStatus(_files.Volume(volumeId), out var status) ? status.Allocated : 0;

    // A file system may keep the file's mark in a block of its own.
    public Task<bool> HoldsDataAsync(string volumeId) => _threads.RunAsync(
        () => _system.TryGetStatus(_files.Volume(volumeId), out var status) && status.Allocated > MostOfBlank);

    public long GetFree() => _system.GetSpace(_directory).Free;

    public IReadOnlyList<string> FindProblems() => [];

    public Task<EngineUsage> MeasureAsync(CancellationToken cancellationToken) => _threads.RunAsync(() =>
    {
        var allocated = Sum(_files.VolumeDirectory, cancellationToken);
        if (!Capabilities.SharesData)
        {
            allocated += Sum(_files.SnapshotDirectory, cancellationToken);
        }

        var (free, size) = _system.GetSpace(_directory);
        return new EngineUsage(size, free, allocated);
    });

    public Task<EngineInventory> TakeInventoryAsync(
        IReadOnlyCollection<string> volumeIds, IReadOnlyCollection<string> snapshotIds) => _threads.RunAsync(() =>
    {
        var missing = new List<string>();
        var unknown = new List<string>();
        Compare(_files.VolumeDirectory, volumeIds, missing, unknown);
        Compare(_files.SnapshotDirectory, snapshotIds, missing, unknown);
        return new EngineInventory(missing, unknown);
    });

    public ValueTask DisposeAsync()
    {
        _threads.Dispose();
        return ValueTask.CompletedTask;
    }

    // Nothing is flushed: the file's entry is durable since it was prepared, and its size need not be. docs/crash-order.md tells why.
    private Dictionary<string, ClusterException> SetSizes(IReadOnlyCollection<NewVolume> volumes)
    {
        var failed = new Dictionary<string, ClusterException>(StringComparer.Ordinal);
        foreach (var volume in volumes)
        {
            try
            {
                _system.SetLength(_files.Volume(volume.Id), volume.Size);
            }
            catch (ClusterException error)
            {
                failed.Add(volume.Id, error);
            }
        }

        return failed;
    }

    // Whoever has it open may write, also between two looks.
    private string? Seal(string image) =>
        _users.IsOpenNowhere(image) && _checks.Seal(image) is { } seal && _users.IsOpenNowhere(image) ? seal : null;

    // A start that was killed has left them: Windows removes a file that is to go when it is closed, Linux does not.
    private void RemoveProbes()
    {
        foreach (var path in Directory.EnumerateFiles(_files.VolumeDirectory, ImageFiles.Probes))
        {
            File.Delete(path);
        }
    }

    private void FlushRemovals(string directory, ref int removed)
    {
        if (Interlocked.Exchange(ref removed, 0) == 0)
        {
            return;
        }

        try
        {
            _system.FlushDirectory(directory);
        }
        catch
        {
            Volatile.Write(ref removed, 1);
            throw;
        }
    }

    private long Sum(string directory, CancellationToken cancellationToken)
    {
        var sum = 0L;
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += _system.TryGetStatus(path, out var status) ? status.Allocated : 0;
        }

        return sum;
    }

    // Files that are being made bear a name of their own and were never acknowledged: they are removed. Any other file is not ours.
    private static void Compare(string directory, IReadOnlyCollection<string> ids, List<string> missing, List<string> unknown)
    {
        var expected = ids.Select(id => id + ImageFiles.Extension).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            var name = Path.GetFileName(path);
            if (expected.Remove(name))
            {
                continue;
            }

            if (name.EndsWith(ImageFiles.Unfinished, StringComparison.Ordinal)
                && Guid.TryParseExact(name[..^ImageFiles.Unfinished.Length], "D", out _))
            {
                File.Delete(path);
            }
            else
            {
                unknown.Add(path);
            }
        }

        missing.AddRange(expected.Select(name => Path.Combine(directory, name)));
    }

    // The largest size that a file can have here, found by bisection: no table of file systems tells it better.
    private long FindLargestFile(out bool sparse)
    {
        var path = Path.Combine(_files.VolumeDirectory, $"probe-{Guid.NewGuid():N}.tmp");
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.DeleteOnClose);
        sparse = _system.MakeSparse(file);
        var low = 0L;
        var high = long.MaxValue / BlockSize;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (_system.TrySetLength(file, middle * BlockSize))
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low * BlockSize;
    }
}
