using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Makes, lists and removes snapshots.</summary>
internal sealed class SnapshotService(ClusterState state, Removals removals)
{
    public Page<Snapshot> List(SnapshotQuery query)
    {
        // A token is "volume/name": neither can hold the slash.
        var token = (query.PageToken ?? "/").Split('/');
        if (token.Length != 2)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(query.PageToken!)}' is no page token of ListSnapshots. Give the nextPageToken of the page before.");
        }

        var rows = state.Catalog.Read(catalog => catalog.ListSnapshots(query.Volume, token[0], token[1], query.Pattern, query.PageSize + 1));
        var items = rows.Take(query.PageSize).Select(row => row.Model).ToArray();
        return new Page<Snapshot>(items, rows.Count > query.PageSize ? $"{items[^1].Volume}/{items[^1].Name}" : null);
    }

    /// <summary>Makes a snapshot, or finds the one of that name or outside identity.</summary>
    public async Task<Snapshot> CreateAsync(string volume, string? name, string? externalId)
    {
        if (name is not null)
        {
            _ = ObjectName.Check("snapshot", name);
        }

        using var held = await state.Locks.TakeAsync(volume);
        var (row, existing) = state.Catalog.Read(catalog => FindExisting(catalog, volume, name, externalId));
        if (existing is not null)
        {
            return existing.Model;
        }

        var now = state.Time.GetUtcNow();
        var written = state.Engine.Capabilities.SharesData ? 0 : state.Engine.GetAllocated(row.Id);
        state.Capacity.CheckReserve($"Making a snapshot of the volume '{volume}'", written);
        var snapshot = new SnapshotRow(
            Guid.CreateVersion7().ToString("D"),
            row.Id,
            ObjectState.Creating,
            new Snapshot
            {
                Volume = volume,
                Name = name ?? ChooseName(now, externalId),
                ExternalId = externalId,
                Size = row.Model.Size,
                CreatedAt = now,
            });
        await state.Catalog.WriteAsync(catalog => catalog.InsertSnapshot(snapshot));
        long allocated;
        try
        {
            allocated = await state.Engine.CreateSnapshotAsync(row.Id, snapshot.Id);
        }
        catch (ClusterException)
        {
            await state.Engine.DeleteSnapshotAsync(row.Id, snapshot.Id);
            await state.Catalog.WriteAsync(catalog => catalog.RemoveSnapshotRow(snapshot.Id));
            throw;
        }

        await state.Catalog.WriteAsync(catalog => catalog.EndSnapshot(snapshot.Id, allocated));
        return snapshot.Model with { Allocated = new ByteSize(allocated) };
    }

    /// <summary>Removes a snapshot, found by its outside identity, or else by volume and name; one that is gone is as it should be.</summary>
    public async Task DeleteAsync(string? volume, string? name, string? externalId)
    {
        if (state.Catalog.Read(catalog => Find(catalog, volume, name, externalId)) is not { } seen)
        {
            return;
        }

        using var held = await state.Locks.TakeAsync(seen.Model.Volume);
        // Looked up again under the lock: another may have removed it meanwhile.
        if (state.Catalog.Read(catalog => Find(catalog, volume, name, externalId)) is not { } found)
        {
            return;
        }

        await state.Catalog.WriteAsync(catalog => catalog.BeginSnapshotRemoval(found.Id));
        await state.Engine.DeleteSnapshotAsync(found.VolumeId, found.Id);
        removals.EndSnapshot(found.Id);
    }

    private static (VolumeRow Volume, SnapshotRow? Existing) FindExisting(CatalogConnection catalog, string volume, string? name, string? externalId)
    {
        var row = ClusterState.Require(catalog, volume);
        var existing = externalId is null ? null : catalog.FindSnapshotByExternalId(externalId);
        if (existing is not null && (existing.VolumeId != row.Id || (name is not null && name != existing.Model.Name)))
        {
            throw new ClusterException(ErrorCode.Conflict, $"The identity '{ObjectName.Printable(externalId!)}' is that of the snapshot '{existing.Model}', not of one of the volume '{volume}'{(name is null ? string.Empty : $" named '{name}'")}.");
        }

        if (existing is null && name is not null)
        {
            existing = catalog.FindSnapshot(row.Id, name);
            if (existing is not null && externalId is not null && existing.Model.ExternalId != externalId)
            {
                throw new ClusterException(ErrorCode.Conflict, $"The snapshot '{existing.Model}' is there already and has the identity '{existing.Model.ExternalId ?? "none"}', not '{ObjectName.Printable(externalId)}'.");
            }
        }

        return (row, existing);
    }

    private static SnapshotRow? Find(CatalogConnection catalog, string? volume, string? name, string? externalId)
    {
        if (externalId is not null)
        {
            return catalog.FindSnapshotByExternalId(externalId);
        }

        if (volume is null || name is null)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, "DeleteSnapshot needs 'openstackSID', or 'openstackVolName' and 'snapshotName'.");
        }

        return catalog.FindVolume(volume) is { } row ? catalog.FindSnapshot(row.Id, name) : null;
    }

    private static string ChooseName(DateTimeOffset now, string? externalId)
    {
        var fromIdentity = "snapshot-" + externalId;
        return externalId is not null && ObjectName.IsValid(fromIdentity)
            ? fromIdentity
            : $"snapshot-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..4]}";
    }
}
