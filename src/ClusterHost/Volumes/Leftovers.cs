using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Takes back what was begun and could not be ended, because the catalog or the storage failed in between. Whoever holds a name and is
/// about to use it comes here first: what is found there then is nobody's work any more. docs/crash-order.md has the order.
/// </summary>
internal sealed class Leftovers(ServiceContext state, Removals removals)
{
    /// <summary>Takes back volumes that earlier requests left. The caller holds their names.</summary>
    public async Task TakeBackVolumesAsync(IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids)
        {
            await ReleaseSourceAsync(id);

            // First durably, for the write that has failed may be on disk all the same: a crash must not bring back what has no image any
            // more.
            await state.Catalog.WriteAsync(catalog => catalog.SetVolumeState(id, ObjectState.Deleting));
            await removals.EndVolumeAsync(id, []);
        }
    }

    /// <summary>Takes back snapshots of a volume that earlier requests left. The caller holds its name.</summary>
    public async Task TakeBackSnapshotsAsync(string volumeId)
    {
        foreach (var row in state.Catalog.Read(catalog => catalog.ListBegunSnapshots(volumeId)))
        {
            await state.Catalog.WriteAsync(catalog => catalog.BeginSnapshotRemoval(row.Id));
            await removals.EndSnapshotAsync(volumeId, row.Id);
        }
    }

    /// <summary>Takes back a volume of this request.</summary>
    public async Task TakeBackVolumeAsync(string id)
    {
        await ReleaseSourceAsync(id);
        await state.Engine.DeleteVolumeAsync(id);
        await state.Engine.FlushRemovalsAsync();
        await state.Catalog.WriteAsync(catalog => catalog.RemoveVolumeRow(id));
    }

    /// <summary>Takes back a snapshot of this request.</summary>
    public async Task TakeBackSnapshotAsync(string volumeId, string id)
    {
        await state.Engine.DeleteSnapshotAsync(volumeId, id);
        await state.Engine.FlushRemovalsAsync();
        await state.Catalog.WriteAsync(catalog => catalog.RemoveSnapshotRow(id));
    }

    // What a clone has left in the volume that it was made from.
    private async Task ReleaseSourceAsync(string id)
    {
        if (state.Catalog.Read(catalog => catalog.FindVolumeById(id)) is { SourceId: { } source })
        {
            await state.Engine.ReleaseVolumeAsync(source);
        }
    }
}
