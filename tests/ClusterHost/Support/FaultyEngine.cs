using System.Collections.Concurrent;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>An engine whose snapshots of some volumes fail as a test wants, after they have left a file.</summary>
internal sealed class FaultyEngine(IStorageEngine engine) : IStorageEngine
{
    public ConcurrentDictionary<string, Exception> SnapshotFaults { get; } = new(StringComparer.Ordinal);

    public int SnapshotAttempts { get; private set; }

    /// <summary>Gets or sets what the removal of an image waits for.</summary>
    public Task BeforeRemoval { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets the bytes that are said to be free.</summary>
    public long? Free { get; set; }

    public EngineCapabilities Capabilities => engine.Capabilities;

    public async Task<long> CreateSnapshotAsync(string volumeId, string snapshotId)
    {
        var allocated = await engine.CreateSnapshotAsync(volumeId, snapshotId);
        SnapshotAttempts++;
        return SnapshotFaults.TryGetValue(volumeId, out var fault) ? throw fault : allocated;
    }

    public VolumeAttributes Effective(VolumeAttributes requested) => engine.Effective(requested);

    public Task PrepareVolumesAsync(IReadOnlyCollection<string> volumeIds) => engine.PrepareVolumesAsync(volumeIds);

    public void CreateVolume(string volumeId, long size) => engine.CreateVolume(volumeId, size);

    public Task<IReadOnlyList<string>> RestoreSizesAsync(IReadOnlyCollection<(string VolumeId, long Size)> volumes) => engine.RestoreSizesAsync(volumes);

    public Task FlushVolumeAsync(string volumeId) => engine.FlushVolumeAsync(volumeId);

    public string? FindDamage(string volumeId, long size) => engine.FindDamage(volumeId, size);

    public Task<string?> FindDamageAsync(string volumeId, long size, string? seal) => engine.FindDamageAsync(volumeId, size, seal);

    public Task<string?> FindSnapshotDamageAsync(string snapshotId, long size, string? seal) => engine.FindSnapshotDamageAsync(snapshotId, size, seal);

    public Task<string?> SealVolumeAsync(string volumeId) => engine.SealVolumeAsync(volumeId);

    public Task<string?> SealSnapshotAsync(string snapshotId) => engine.SealSnapshotAsync(snapshotId);

    public Task GrowVolumeAsync(string volumeId, long size) => engine.GrowVolumeAsync(volumeId, size);

    public async Task DeleteVolumeAsync(string volumeId)
    {
        await BeforeRemoval;
        await engine.DeleteVolumeAsync(volumeId);
    }

    public async Task DeleteSnapshotAsync(string volumeId, string snapshotId)
    {
        await BeforeRemoval;
        await engine.DeleteSnapshotAsync(volumeId, snapshotId);
    }

    public Task CloneAsync(string sourceVolumeId, string? snapshotId, string volumeId, long size) => engine.CloneAsync(sourceVolumeId, snapshotId, volumeId, size);

    public Task RevertVolumeAsync(string volumeId, string snapshotId, long size) => engine.RevertVolumeAsync(volumeId, snapshotId, size);

    public Task ReleaseVolumeAsync(string volumeId) => engine.ReleaseVolumeAsync(volumeId);

    public Task<string?> FindUserAsync(string volumeId) => engine.FindUserAsync(volumeId);

    public Task<string?> FenceAsync(string volumeId, Attachment holder) => engine.FenceAsync(volumeId, holder);

    public Task FlushRemovalsAsync() => engine.FlushRemovalsAsync();

    public EngineDevice Locate(string volumeId) => engine.Locate(volumeId);

    public long GetAllocated(string volumeId) => engine.GetAllocated(volumeId);

    public long GetFree() => Free ?? engine.GetFree();

    public Task<EngineUsage> MeasureAsync(CancellationToken cancellationToken) => engine.MeasureAsync(cancellationToken);

    public Task<EngineInventory> TakeInventoryAsync(IReadOnlyCollection<string> volumeIds, IReadOnlyCollection<string> snapshotIds) => engine.TakeInventoryAsync(volumeIds, snapshotIds);

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
