using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Takes back what was begun and could not be ended, because the catalog or the storage failed in between. Whoever holds a name and is about to use it comes here first: what is found there
/// then is nobody's work any more. A start takes back the rest.
/// </summary>
internal sealed class Leftovers(ServiceContext state, Removals removals)
{
    /// <summary>Takes back volumes. The caller holds their names.</summary>
    public async Task TakeBackVolumesAsync(IReadOnlyCollection<string> names)
    {
        foreach (var id in state.Catalog.Read(catalog => catalog.ListBegunVolumes(names)))
        {
            // First durably, for the write that has failed may be on disk all the same: a crash must not bring back what has no image any more.
            await state.Catalog.WriteAsync(catalog => catalog.SetVolumeState(id, ObjectState.Deleting));
            await removals.EndVolumeAsync(id, []);
        }
    }

    /// <summary>Takes back snapshots of a volume. The caller holds its name.</summary>
    public async Task TakeBackSnapshotsAsync(string volumeId)
    {
        foreach (var row in state.Catalog.Read(catalog => catalog.ListBegunSnapshots(volumeId)))
        {
            await state.Catalog.WriteAsync(catalog => catalog.BeginSnapshotRemoval(row.Id));
            await removals.EndSnapshotAsync(volumeId, row.Id);
        }
    }
}
