using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Makes, lists and removes snapshots, those that are asked for and those of schedules.</summary>
internal sealed class SnapshotService(ServiceContext state, Removals removals)
{
    private readonly Leftovers _leftovers = new(state, removals);

    public Page<Snapshot> List(SnapshotQuery query)
    {
        // A token is "volume/name": neither can hold the slash.
        var token = (query.PageToken ?? "/").Split('/');
        if (token.Length != 2)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"'{ObjectName.Printable(query.PageToken!)}' is not a page token of ListSnapshots. "
                    + "Give the nextPageToken of the page before.");
        }

        var rows = state.Catalog.Read(
            catalog => catalog.ListSnapshots(query.Volume, token[0], token[1], query.Pattern, query.PageSize + 1));
        var items = rows.Take(query.PageSize).Select(row => row.Model).ToArray();
        return new Page<Snapshot>(items, rows.Count > query.PageSize ? $"{items[^1].Volume}/{items[^1].Name}" : null);
    }

    /// <summary>Makes a snapshot, or finds the one of that name or outside identity.</summary>
    public async Task<Snapshot> CreateAsync(string volume, string? name, string? externalId, IReadOnlyDictionary<string, string> labels)
    {
        if (name is not null)
        {
            _ = ObjectName.Check("snapshot", name);
        }

        using var held = await state.Locks.TakeAsync(volume);
        var (row, existing) = state.Catalog.Read(catalog => FindExisting(catalog, volume, name, externalId));
        if (existing is not null)
        {
            await state.Stored.RefuseDamagedAsync(existing);

            // Whoever asks for a snapshot relies on it; this one is removed when it is old.
            return existing.Model.Frequency is null
                ? existing.Model
                : throw new ClusterException(
                    ErrorCode.Conflict,
                    $"The snapshot '{existing.Model}' already exists; the schedule took it and removes it when it is old. "
                        + "Give another name.");
        }

        var now = state.Time.GetUtcNow();
        var snapshot = new Snapshot
        {
            Volume = volume,
            Name = name ?? ChooseName(now, externalId),
            ExternalId = externalId,
            Size = row.Model.Size,
            CreatedAt = now,
            Labels = labels,
        };
        return await MakeAsync(row, snapshot, static _ => { });
    }

    /// <summary>Makes the snapshot of a schedule, once for each instant.</summary>
    /// <returns>The snapshot, or <see langword="null"/> if it is due no longer: it was taken, or the volume or its schedule has changed
    /// meanwhile.</returns>
    public async Task<Snapshot?> CreateScheduledAsync(ScheduledVolume volume, DateTimeOffset due)
    {
        using var held = await state.Locks.TakeAsync(volume.Volume);
        var (row, name) = state.Catalog.Read(catalog =>
        {
            var present = catalog.FindScheduledVolume(volume.VolumeId, volume.Frequency);
            return present is not null && ScheduleClock.IsDue(present, due)
                ? (
                    catalog.FindVolumeById(volume.VolumeId),
                    FindFreeName(catalog, volume.VolumeId, ScheduleClock.NameOf(volume.Frequency, due)))
                : (null, string.Empty);
        });
        if (row is null)
        {
            return null;
        }

        var snapshot = new Snapshot
        {
            Volume = volume.Volume,
            Name = name,
            Size = row.Model.Size,
            CreatedAt = state.Time.GetUtcNow(),
            Frequency = volume.Frequency,
        };
        return await MakeAsync(row, snapshot, catalog => catalog.EndSchedule(row.Id, volume.Frequency, due));
    }

    /// <summary>Removes a snapshot that a schedule took.</summary>
    /// <returns>Whether it was there, and a schedule's.</returns>
    public async Task<bool> DeleteScheduledAsync(string volume, string name)
    {
        using var held = await state.Locks.TakeAsync(volume);
        if (state.Catalog.Read(catalog => Find(catalog, volume, name, null)) is not { Model.Frequency: not null } found)
        {
            return false;
        }

        await RemoveAsync(found);
        return true;
    }

    /// <summary>
    /// Removes a snapshot, found by its outside identity, or else by volume and name; one that is gone is as it should be.
    /// </summary>
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

        await RemoveAsync(found);
    }

    private async Task RemoveAsync(SnapshotRow found)
    {
        await state.Catalog.WriteAsync(catalog => catalog.BeginSnapshotRemoval(found.Id));
        state.Stored.ForgetSnapshot(found.Id);
        await removals.EndSnapshotAsync(found.VolumeId, found.Id);
    }

    // What is to be recorded with the snapshot is in the transaction that makes it known.
    private async Task<Snapshot> MakeAsync(VolumeRow volume, Snapshot model, Action<CatalogConnection> record)
    {
        ServiceContext.RefuseReverting(volume);
        await state.Stored.RefuseDamagedAsync(volume);
        await _leftovers.TakeBackSnapshotsAsync(volume.Id);
        var written = state.Engine.Capabilities.SharesData ? 0 : state.Engine.GetAllocated(volume.Id) ?? volume.Model.Size;
        await state.Capacity.CheckReserveAsync($"Creating a snapshot of the volume '{model.Volume}'", written);
        var row = new SnapshotRow(Guid.CreateVersion7().ToString("D"), volume.Id, ObjectState.Creating, model);
        await state.Catalog.WriteAsync(catalog => catalog.InsertSnapshot(row));
        var allocated = await state.Work.RunAsync(
            async () => (
                Allocated: await state.Engine.CreateSnapshotAsync(volume.Id, row.Id),
                Seal: await state.Engine.SealSnapshotAsync(row.Id)),
            (catalog, made) =>
            {
                catalog.EndSnapshot(row.Id, made.Allocated, made.Seal);
                record(catalog);
                return made.Allocated;
            },
            () => _leftovers.TakeBackSnapshotAsync(volume.Id, row.Id));
        return model with { Allocated = allocated };
    }

    // Somebody may have given the name to a snapshot of theirs, which stays what it is.
    private static string FindFreeName(CatalogConnection catalog, string volumeId, string name)
    {
        var free = name;
        for (var number = 2; catalog.IsSnapshotNameTaken(volumeId, free); number++)
        {
            free = $"{name}-{number}";
        }

        return free;
    }

    private static (VolumeRow Volume, SnapshotRow? Existing) FindExisting(
        CatalogConnection catalog, string volume, string? name, string? externalId)
    {
        var row = ServiceContext.Require(catalog, volume);
        var existing = externalId is null ? null : catalog.FindSnapshotByExternalId(externalId);
        if (existing is not null && (existing.VolumeId != row.Id || (name is not null && name != existing.Model.Name)))
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"The identity '{ObjectName.Printable(externalId!)}' is that of the snapshot '{existing.Model}', "
                    + $"not of one of the volume '{volume}'{(name is null ? string.Empty : $" named '{name}'")}.");
        }

        if (existing is null && name is not null)
        {
            existing = catalog.FindSnapshot(row.Id, name);
            if (existing is not null && externalId is not null && existing.Model.ExternalId != externalId)
            {
                throw new ClusterException(
                    ErrorCode.Conflict,
                    $"The snapshot '{existing.Model}' already exists and has the identity '{existing.Model.ExternalId ?? "none"}', "
                        + $"not '{ObjectName.Printable(externalId)}'.");
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
            throw new ClusterException(
                ErrorCode.InvalidArgument, "DeleteSnapshot needs 'openstackSID', or 'openstackVolName' and 'snapshotName'.");
        }

        return catalog.FindVolume(volume) is { } row ? catalog.FindSnapshot(row.Id, name) : null;
    }

    private static string ChooseName(DateTimeOffset now, string? externalId)
    {
        var fromIdentity = "snapshot-" + externalId;
        return externalId is not null && ObjectName.IsValid(fromIdentity)
            ? fromIdentity
            : $"snapshot-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture)}"
                + $"-{Guid.NewGuid().ToString("N")[..4]}";
    }
}
