using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ends at a start what an earlier process had begun: what was being made is taken back, what was being removed is removed, a resize and
/// a revert are finished. Every step can be repeated. The start waits for it; work that takes an engine longer goes on beside the
/// requests, which find the names of its volumes taken until it has ended. docs/crash-order.md has the whole order.
/// </summary>
internal sealed class Recovery(ServiceContext state, Removals removals, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long a start waits for what was begun, by default.</summary>
    public static readonly TimeSpan DefaultStartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private Task _ending = Task.CompletedTask;

    /// <summary>Gets how long a start waits for what was begun.</summary>
    public TimeSpan StartLimit { get; init; } = DefaultStartLimit;

    public async Task RunAsync()
    {
        await RemoveUnusedAsync();
        await RestoreSizesAsync();
        _ending = EndAllAsync();
        if (await Task.WhenAny(_ending, Task.Delay(StartLimit)) == _ending)
        {
            await _ending;
        }
        else
        {
            HostLog.Done(logger, "What an earlier hv-cluster had begun takes longer; its volumes are busy until it has ended.");
            _ = ReportFailureAsync(_ending);
        }

        await ReportDifferencesAsync();
    }

    public async ValueTask DisposeAsync() => _ = await Task.WhenAny(_ending, Task.Delay(StopLimit));

    private async Task RemoveUnusedAsync()
    {
        var reserved = state.Catalog.Read(ReservedIds.ListUnused);
        var kept = new List<string>();
        foreach (var id in reserved)
        {
            if (!await TryRemoveAsync(() => RemoveUnusedAsync(id)))
            {
                kept.Add(id);
            }
        }

        if (reserved.Count > 0)
        {
            await state.Engine.FlushRemovalsAsync();
        }

        await state.Catalog.WriteAsync(connection => ReservedIds.ClearBut(connection, kept));
    }

    // Nobody was ever given it, so that what is written in it tells of a later catalog than this one. It leaves the reserve and is told of.
    private async Task RemoveUnusedAsync(string id)
    {
        if (!await state.Engine.HoldsDataAsync(id))
        {
            await state.Engine.DeleteVolumeAsync(id);
        }
    }

    private async Task EndAllAsync()
    {
        var volumes = state.Catalog.Read(connection => connection.ListUnfinishedVolumes());
        var snapshots = state.Catalog.Read(connection => connection.ListUnfinishedSnapshots());
        if (volumes.Count + snapshots.Count == 0)
        {
            return;
        }

        var changing = volumes.FindAll(row => row.State == ObjectState.Ready);
        var going = volumes.FindAll(row => row.State != ObjectState.Ready);
        await Task.WhenAll([.. changing.Select(EndChangeAsync), RemoveAsync(going, snapshots)]);
        HostLog.Done(logger, $"Recovered {volumes.Count + snapshots.Count} operations that an earlier hv-cluster had begun.");
    }

    private async Task ReportFailureAsync(Task ending)
    {
        try
        {
            await ending;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            HostLog.Problem(logger, $"What an earlier hv-cluster had begun is left to the next start: {error.Message}");
        }
    }

    // One that somebody was given has its size durably: what it lacks it has lost.
    private async Task RestoreSizesAsync()
    {
        foreach (var path in await state.Engine.RestoreSizesAsync(state.Catalog.Read(connection => connection.ListUntouchedVolumes())))
        {
            HostLog.Done(
                logger,
                $"{path} was shorter than its volume and has been extended with zeros: the machine stopped soon after the volume was "
                    + "made.");
        }
    }

    private async Task RemoveAsync(List<VolumeRow> volumes, List<SnapshotRow> snapshots)
    {
        // A name that was being removed is free already.
        var begun = volumes.Where(row => row.State == ObjectState.Creating).Select(row => row.Model.Name);
        using var held = await state.Locks.TakeAsync([.. begun, .. snapshots.Select(row => row.Model.Volume)]);
        var later = new List<Func<Task>>();
        var removedVolumes = new List<VolumeRow>();
        foreach (var row in volumes)
        {
            if (await TryRemoveAsync(() => RemoveAsync(row)))
            {
                removedVolumes.Add(row);
            }
            else
            {
                later.Add(() => RemoveLaterAsync(row));
            }
        }

        // Those of volumes that were being removed have gone with their volumes.
        var removedSnapshots = new List<SnapshotRow>();
        foreach (var row in snapshots)
        {
            if (await TryRemoveAsync(() => RemoveAsync(row)))
            {
                removedSnapshots.Add(row);
            }
            else
            {
                later.Add(() => RemoveLaterAsync(row));
            }
        }

        await state.Engine.FlushRemovalsAsync();
        await state.Catalog.WriteAsync(connection =>
        {
            removedSnapshots.ForEach(row => connection.RemoveSnapshotRow(row.Id));
            removedVolumes.ForEach(row => connection.RemoveVolumeRow(row.Id));
        });
        foreach (var remove in later)
        {
            await remove();
        }
    }

    // What a storage of many machines still believes to be open, by the process before this one, can be removed a little later only.
    private async Task<bool> TryRemoveAsync(Func<Task> remove)
    {
        try
        {
            await remove();
            return true;
        }
        catch (ClusterException error) when (error.Code is ErrorCode.Busy or ErrorCode.Unreachable)
        {
            HostLog.Problem(logger, $"What an earlier hv-cluster had begun to remove is removed later: {error.Message}");
            return false;
        }
    }

    private async Task RemoveLaterAsync(VolumeRow row)
    {
        var snapshots = await state.Catalog.WriteAsync(connection =>
        {
            var found = connection.ListSnapshotsOf(row.Id).ConvertAll(snapshot => snapshot.Id);
            found.ForEach(connection.BeginSnapshotRemoval);
            connection.SetVolumeState(row.Id, ObjectState.Deleting);
            return found;
        });
        await removals.EndVolumeAsync(row.Id, snapshots);
    }

    private async Task RemoveLaterAsync(SnapshotRow row)
    {
        await state.Catalog.WriteAsync(connection => connection.BeginSnapshotRemoval(row.Id));
        await removals.EndSnapshotAsync(row.VolumeId, row.Id);
    }

    private async Task RemoveAsync(SnapshotRow row)
    {
        if (row.State == ObjectState.Creating)
        {
            await state.Engine.ReleaseVolumeAsync(row.VolumeId);
        }

        await state.Engine.DeleteSnapshotAsync(row.VolumeId, row.Id);
    }

    private async Task RemoveAsync(VolumeRow row)
    {
        if (row.State == ObjectState.Creating && row.SourceId is not null)
        {
            await state.Engine.ReleaseVolumeAsync(row.SourceId);
        }

        foreach (var snapshot in state.Catalog.Read(catalog => catalog.ListSnapshotsOf(row.Id)))
        {
            await state.Engine.DeleteSnapshotAsync(row.Id, snapshot.Id);
        }

        await state.Engine.DeleteVolumeAsync(row.Id);
    }

    private async Task EndChangeAsync(VolumeRow row)
    {
        using var held = await state.Locks.TakeAsync(row.Model.Name);

        // An image that is short before it has grown must not look whole after it: the resize waits until that is mended.
        if (row.PendingSize is { } size
            && (await state.Engine.FindDamageAsync(row.Id, row.Model.Size, seal: null) is not null || !await TryGrowAsync(row, size)))
        {
            return;
        }

        var reverted = row.RevertingTo is not { } snapshot || await TryRevertAsync(row, snapshot);
        await state.Catalog.WriteAsync(connection =>
        {
            connection.EndResize(row.Id);
            if (reverted)
            {
                connection.SetReverting(row.Id, null);
            }
        });
    }

    // StorageUpkeep goes on with one that does not end now.
    private async Task<bool> TryRevertAsync(VolumeRow row, string snapshot)
    {
        try
        {
            await state.Engine.ResumeRevertAsync(row.Id, snapshot, row.Model.Size);
            return true;
        }
        catch (ClusterException error) when (!state.Engine.Capabilities.RevertsAtOnce)
        {
            HostLog.Problem(
                logger, $"The volume '{row.Model.Name}' was being reverted and cannot be now, which is tried again: {error.Message}");
            return false;
        }
    }

    private async Task<bool> TryGrowAsync(VolumeRow row, long size)
    {
        try
        {
            await state.Engine.GrowVolumeAsync(row.Id, size);
            return true;
        }
        catch (ClusterException error)
        {
            HostLog.Problem(
                logger, $"The volume '{row.Model.Name}' was being grown and cannot be now; the next start tries again: {error.Message}");
            return false;
        }
    }

    private async Task ReportDifferencesAsync()
    {
        // What is still being ended is the catalog's, too.
        var (ready, begun) = state.Catalog.Read(catalog => (catalog.ListReadyVolumes(), catalog.ListUnfinishedVolumes()));
        var (kept, half) = state.Catalog.Read(catalog => (catalog.ListReadySnapshots(), catalog.ListUnfinishedSnapshots()));
        var inventory = await state.Engine.TakeInventoryAsync(
            ready.Select(volume => volume.Id).Concat(begun.Select(row => row.Id)).ToHashSet(StringComparer.Ordinal),
            kept.Select(snapshot => snapshot.Id).Concat(half.Select(row => row.Id)).ToHashSet(StringComparer.Ordinal));
        state.Stored.SetUnknown(inventory.Unknown);
        foreach (var problem in await state.Stored.GlanceAsync())
        {
            HostLog.Problem(logger, problem);
        }

        foreach (var path in inventory.Unknown)
        {
            HostLog.Problem(logger, $"{path} is none of the catalog's and is left alone.");
        }
    }
}
