using System.Collections.Concurrent;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>An engine whose snapshots of some volumes fail as a test wants, after they have left a file, and whose creates do.</summary>
internal sealed class FaultyEngine(IStorageEngine engine) : WatchedEngine(engine)
{
    public ConcurrentDictionary<string, Exception> SnapshotFaults { get; } = new(StringComparer.Ordinal);

    public int SnapshotAttempts { get; private set; }

    /// <summary>Gets or sets which volumes of a create fail, by its place in the call, after they were made.</summary>
    public Func<int, bool> FailsToCreate { get; set; } = static _ => false;

    /// <summary>Gets or sets what the removal of an image waits for.</summary>
    public Task BeforeRemoval { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets the bytes that are said to be free.</summary>
    public long? Free { get; set; }

    /// <summary>Gets or sets whether the storage does not tell yet how much it can hold.</summary>
    public bool HidesSize { get; set; }

    public override async Task<IReadOnlyDictionary<string, ClusterException>> CreateVolumesAsync(
        IReadOnlyCollection<NewVolume> volumes)
    {
        _ = await base.CreateVolumesAsync(volumes);
        return volumes.Where((_, place) => FailsToCreate(place)).ToDictionary(
            volume => volume.Id,
            _ => new ClusterException(ErrorCode.Internal, "The storage did not answer in time."),
            StringComparer.Ordinal);
    }

    public override async Task<long> CreateSnapshotAsync(string volumeId, string snapshotId)
    {
        var allocated = await base.CreateSnapshotAsync(volumeId, snapshotId);
        SnapshotAttempts++;
        return SnapshotFaults.TryGetValue(volumeId, out var fault) ? throw fault : allocated;
    }

    public override async Task DeleteVolumeAsync(string volumeId)
    {
        await BeforeRemoval;
        await base.DeleteVolumeAsync(volumeId);
    }

    public override async Task DeleteSnapshotAsync(string volumeId, string snapshotId)
    {
        await BeforeRemoval;
        await base.DeleteSnapshotAsync(volumeId, snapshotId);
    }

    public override long GetFree() => Free ?? base.GetFree();

    public override Task<EngineUsage> MeasureAsync(CancellationToken cancellationToken) =>
        HidesSize ? Task.FromResult(new EngineUsage(0, 0, 0)) : base.MeasureAsync(cancellationToken);
}
