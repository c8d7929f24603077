using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Engines;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ends at a start what an earlier process had begun: what was being made is taken back, what was being removed is removed, a
/// resize is finished, a revert is over already or never happened (its last step is one rename). Every step can be repeated.
/// </summary>
internal sealed class Recovery(CatalogDatabase catalog, IStorageEngine engine, StoredState stored, ILogger logger)
{
    public async Task RunAsync()
    {
        var volumes = catalog.Read(connection => connection.ListUnfinishedVolumes());
        foreach (var row in volumes)
        {
            await EndAsync(row);
        }

        // Those of volumes that were being removed have gone with their volumes.
        var snapshots = catalog.Read(connection => connection.ListUnfinishedSnapshots());
        foreach (var row in snapshots)
        {
            if (row.State == ObjectState.Creating)
            {
                await engine.ReleaseVolumeAsync(row.VolumeId);
            }

            await engine.DeleteSnapshotAsync(row.VolumeId, row.Id);
        }

        var reserved = catalog.Read(ReservedIds.ListUnused);
        foreach (var id in reserved)
        {
            await engine.DeleteVolumeAsync(id);
        }

        if (reserved.Count > 0)
        {
            await engine.FlushRemovalsAsync();
        }

        await catalog.WriteAsync(ReservedIds.Clear);

        if (volumes.Count + snapshots.Count > 0)
        {
            await engine.FlushRemovalsAsync();
            await catalog.WriteAsync(connection =>
            {
                snapshots.ForEach(row => connection.RemoveSnapshotRow(row.Id));
                foreach (var row in volumes.Where(row => row.State != ObjectState.Ready))
                {
                    connection.RemoveVolumeRow(row.Id);
                }
            });
            HostLog.Done(logger, $"Recovered {volumes.Count + snapshots.Count} operations that an earlier hv-cluster had begun.");
        }

        await RestoreSizesAsync();
        await ReportDifferencesAsync();
    }

    // One that somebody was given has its size durably: what it lacks it has lost.
    private async Task RestoreSizesAsync()
    {
        foreach (var path in await engine.RestoreSizesAsync(catalog.Read(connection => connection.ListUntouchedVolumes())))
        {
            HostLog.Done(logger, $"{path} was shorter than its volume and has been extended with zeros: the machine stopped soon after the volume was made.");
        }
    }

    private async Task EndAsync(VolumeRow row)
    {
        switch (row.State)
        {
            case ObjectState.Creating:
                if (row.SourceId is not null)
                {
                    await engine.ReleaseVolumeAsync(row.SourceId);
                }

                await engine.DeleteVolumeAsync(row.Id);
                break;
            case ObjectState.Deleting:
                foreach (var snapshot in catalog.Read(connection => connection.ListSnapshotsOf(row.Id)))
                {
                    await engine.DeleteSnapshotAsync(row.Id, snapshot.Id);
                }

                await engine.DeleteVolumeAsync(row.Id);
                break;
            default:
                // An image that is short before it has grown must not look whole after it: the resize waits until that is mended.
                if (row.PendingSize is { } size && (engine.FindDamage(row.Id, row.Model.Size) is not null || !await TryGrowAsync(row, size)))
                {
                    break;
                }

                await catalog.WriteAsync(connection =>
                {
                    connection.EndResize(row.Id);
                    connection.SetReverting(row.Id, null);
                });
                break;
        }
    }

    private async Task<bool> TryGrowAsync(VolumeRow row, long size)
    {
        try
        {
            await engine.GrowVolumeAsync(row.Id, size);
            return true;
        }
        catch (ClusterException error)
        {
            HostLog.Problem(logger, $"The volume '{row.Model.Name}' was being grown and cannot be now; the next start tries again: {error.Message}");
            return false;
        }
    }

    private async Task ReportDifferencesAsync()
    {
        var inventory = await engine.TakeInventoryAsync(
            catalog.Read(connection => connection.ListReadyVolumes()).ConvertAll(volume => volume.Id),
            catalog.Read(connection => connection.ListReadySnapshots()).ConvertAll(snapshot => snapshot.Id));
        stored.SetUnknown(inventory.Unknown);
        foreach (var problem in await stored.GlanceAsync())
        {
            HostLog.Problem(logger, problem);
        }

        foreach (var path in inventory.Unknown)
        {
            HostLog.Problem(logger, $"{path} is none of the catalog's and is left alone.");
        }
    }
}
