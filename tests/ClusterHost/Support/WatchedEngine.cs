using System.Runtime.CompilerServices;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>
/// An engine that refuses whatever would hold up the catalog's writer, and lets a test do something around each call that changes what is
/// stored. All hosts of these tests have it.
/// </summary>
internal class WatchedEngine(IStorageEngine engine) : IStorageEngine
{
    // All transactions run on the catalog's own thread.
    private const string Writer = "catalog";

    /// <summary>Gets or sets what is done before a call, by its name.</summary>
    public Func<string, Task> Before { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Gets or sets what is done after a call that has succeeded, by its name.</summary>
    public Func<string, Task> After { get; set; } = static _ => Task.CompletedTask;

    public virtual EngineCapabilities Capabilities => engine.Capabilities;

    public VolumeAttributes Effective(VolumeAttributes requested) => engine.Effective(requested);

    public VolumeAttributes Effective(string volumeId, VolumeAttributes requested) => engine.Effective(volumeId, requested);

    public Task CheckAsync(VolumeAttributes requested) => Ask(() => engine.CheckAsync(requested));

    public Task PrepareVolumesAsync(IReadOnlyCollection<string> volumeIds) => ChangeAsync(() => engine.PrepareVolumesAsync(volumeIds));

    public virtual Task<IReadOnlyDictionary<string, ClusterException>> CreateVolumesAsync(
        IReadOnlyCollection<NewVolume> volumes) =>
        ChangeAsync(() => engine.CreateVolumesAsync(volumes));

    public Task<IReadOnlyList<string>> RestoreSizesAsync(IReadOnlyCollection<(string VolumeId, long Size)> volumes) =>
        ChangeAsync(() => engine.RestoreSizesAsync(volumes));

    public Task FlushVolumeAsync(string volumeId) => ChangeAsync(() => engine.FlushVolumeAsync(volumeId));

    public string? FindDamage(string volumeId, long size) => Ask(() => engine.FindDamage(volumeId, size));

    public Task<string?> FindDamageAsync(string volumeId, long size, string? seal) =>
        Ask(() => engine.FindDamageAsync(volumeId, size, seal));

    public Task<string?> FindSnapshotDamageAsync(string volumeId, string snapshotId, long size, string? seal) =>
        Ask(() => engine.FindSnapshotDamageAsync(volumeId, snapshotId, size, seal));

    public Task<string?> SealVolumeAsync(string volumeId) => ChangeAsync(() => engine.SealVolumeAsync(volumeId));

    public Task<string?> SealSnapshotAsync(string snapshotId) => ChangeAsync(() => engine.SealSnapshotAsync(snapshotId));

    public Task GrowVolumeAsync(string volumeId, long size) => ChangeAsync(() => engine.GrowVolumeAsync(volumeId, size));

    public virtual Task DeleteVolumeAsync(string volumeId) => ChangeAsync(() => engine.DeleteVolumeAsync(volumeId));

    public virtual Task<long> CreateSnapshotAsync(string volumeId, string snapshotId) =>
        ChangeAsync(() => engine.CreateSnapshotAsync(volumeId, snapshotId));

    public virtual Task DeleteSnapshotAsync(string volumeId, string snapshotId) =>
        ChangeAsync(() => engine.DeleteSnapshotAsync(volumeId, snapshotId));

    public Task CloneAsync(string sourceVolumeId, string? snapshotId, NewVolume volume) =>
        ChangeAsync(() => engine.CloneAsync(sourceVolumeId, snapshotId, volume));

    public Task RevertVolumeAsync(string volumeId, string snapshotId, long size) =>
        ChangeAsync(() => engine.RevertVolumeAsync(volumeId, snapshotId, size));

    public Task ResumeRevertAsync(string volumeId, string snapshotId, long size) =>
        ChangeAsync(() => engine.ResumeRevertAsync(volumeId, snapshotId, size));

    public virtual bool IsMisplaced(string volumeId, VolumeAttributes requested) => engine.IsMisplaced(volumeId, requested);

    public virtual Task MoveVolumeAsync(string volumeId, VolumeAttributes requested, IProgress<double> progress) =>
        ChangeAsync(() => engine.MoveVolumeAsync(volumeId, requested, progress));

    public Task ReleaseVolumeAsync(string volumeId) => ChangeAsync(() => engine.ReleaseVolumeAsync(volumeId));

    public Task<string?> FindUserAsync(string volumeId) => Ask(() => engine.FindUserAsync(volumeId));

    public Task<string?> FenceAsync(string volumeId, Attachment holder) => ChangeAsync(() => engine.FenceAsync(volumeId, holder));

    public Task FlushRemovalsAsync() => ChangeAsync(engine.FlushRemovalsAsync);

    public Task<EngineDevice> LocateAsync(string volumeId) => engine.LocateAsync(volumeId);

    public long? GetAllocated(string volumeId) => Ask(() => engine.GetAllocated(volumeId));

    public Task<bool> HoldsDataAsync(string volumeId) => Ask(() => engine.HoldsDataAsync(volumeId));

    public virtual long GetFree() => Ask(engine.GetFree);

    public IReadOnlyList<string> FindProblems() => engine.FindProblems();

    public virtual Task<EngineUsage> MeasureAsync(CancellationToken cancellationToken) => Ask(() => engine.MeasureAsync(cancellationToken));

    public Task<EngineInventory> TakeInventoryAsync(IReadOnlyCollection<string> volumeIds, IReadOnlyCollection<string> snapshotIds) =>
        Ask(() => engine.TakeInventoryAsync(volumeIds, snapshotIds));

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private static T Ask<T>(Func<T> call, [CallerMemberName] string name = "")
    {
        RefuseWriter(name);
        return call();
    }

    private static void RefuseWriter(string name)
    {
        if (Thread.CurrentThread.Name == Writer)
        {
            throw new InvalidOperationException($"{name} was called within a transaction of the catalog.");
        }
    }

    private Task<bool> ChangeAsync(Func<Task> call, [CallerMemberName] string name = "") => ChangeAsync(
        async () =>
        {
            await call();
            return true;
        },
        name);

    private Task<T> ChangeAsync<T>(Func<Task<T>> call, [CallerMemberName] string name = "")
    {
        RefuseWriter(name);
        return RunAsync();

        async Task<T> RunAsync()
        {
            await Before(name);
            var result = await call();
            await After(name);
            return result;
        }
    }
}
