using System.Linq;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Hosting;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ends at a start what an earlier process had begun: what was being made is taken back, what was being removed is removed, a
/// resize is finished, a revert is over already or never happened (its last step is one rename). Every step can be repeated.
/// </summary>
internal sealed class Recovery(CatalogDatabase catalog, IStorageEngine engine, ILogger logger)
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

    private async Task RestoreSizesAsync()
    {
        var volumes = catalog.Read(connection => connection.ListReadyVolumes());
        foreach (var path in await engine.RestoreSizesAsync(volumes.ConvertAll(volume => (volume.Id, volume.Size))))
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
                if (row.PendingSize is { } size)
                {
                    await engine.GrowVolumeAsync(row.Id, size);
                }

                await catalog.WriteAsync(connection =>
                {
                    connection.EndResize(row.Id);
                    connection.SetReverting(row.Id, null);
                });
                break;
        }
    }

    private async Task ReportDifferencesAsync()
    {
        var volumes = catalog.Read(connection => connection.ListReadyVolumes());
        var snapshots = catalog.Read(connection => connection.ListReadySnapshots());
        var inventory = await engine.TakeInventoryAsync(
            volumes.ConvertAll(volume => volume.Id),
            snapshots.ConvertAll(snapshot => snapshot.Id));
        foreach (var path in inventory.Missing)
        {
            HostLog.Problem(logger, $"The catalog knows {path}, which is not there.");
        }

        foreach (var path in inventory.Unknown)
        {
            HostLog.Problem(logger, $"{path} is none of the catalog's and is left alone.");
        }
    }
}
