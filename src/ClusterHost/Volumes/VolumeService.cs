using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Makes, changes, lists and removes volumes: the rules and the catalog around the engine.</summary>
internal sealed class VolumeService(ServiceContext state, ReservedIds reservedIds, Removals removals)
{
    private const long Alignment = 4096;

    private readonly Leftovers _leftovers = new(state, removals);

    /// <summary>Finds a volume, and where it can be reached: <c>target:lun</c> for its LUNs, the target for its exports.</summary>
    public (Volume Volume, IReadOnlyList<string> Locations) Get(string name)
    {
        var (row, locations) = state.Catalog.Read(catalog => RequireLocated(catalog, name));
        return (state.Complete(row), locations);
    }

    public Page<Volume> List(VolumeQuery query)
    {
        var rows = state.Catalog.Read(
            catalog => catalog.ListVolumes(query.PageToken ?? string.Empty, query.Pattern, query.Names, query.PageSize + 1));
        var more = rows.Count > query.PageSize;
        var items = rows.Take(query.PageSize).Select(state.Complete).ToArray();
        return new Page<Volume>(items, more ? items[^1].Name : null);
    }

    /// <summary>Makes a blank volume, or finds the same one.</summary>
    public async Task<Volume> CreateAsync(VolumeSpecification specification)
    {
        var outcome = (await CreateAsync([specification]))[0];
        return outcome.Volume ?? throw outcome.Error!;
    }

    /// <summary>
    /// Makes blank volumes in one transaction, or finds the same ones; one that cannot be made keeps none of the others from it.
    /// </summary>
    /// <param name="specifications">The volumes, each of a name of its own.</param>
    /// <returns>What became of each, in the order of the specifications.</returns>
    public async Task<IReadOnlyList<VolumeCreation>> CreateAsync(IReadOnlyList<VolumeSpecification> specifications)
    {
        var batch = new CreationBatch(specifications);
        batch.Refine(CheckBlank);
        var names = batch.OpenNames;
        using var held = await state.Locks.TakeAsync([.. names]);
        var (existing, begun) = state.Catalog.Read(catalog => (catalog.FindVolumes(names), catalog.ListBegunVolumes(names)));
        var rows = existing.ToDictionary(row => row.Model.Name, StringComparer.Ordinal);
        batch.Settle(wanted => rows.TryGetValue(wanted.Name, out var row) ? Same(row, wanted) : null);
        if (batch.OpenCount > 0)
        {
            await _leftovers.TakeBackVolumesAsync(begun);
            await MakeAsync(batch);
        }

        return batch.Outcomes;
    }

    /// <summary>Makes a volume from a volume or a snapshot, or finds the same one.</summary>
    public async Task<Volume> CloneAsync(VolumeSpecification specification, string? snapshotExternalId)
    {
        var name = ObjectName.Check("volume", specification.Name);
        var sourceName = specification.SourceVolume!;
        CheckOwner(specification);
        ServiceContext.RefuseEncryption(specification.Attributes);
        using var held = await state.Locks.TakeAsync(name, sourceName);
        var (source, snapshot, existing) = state.Catalog.Read(catalog => FindForClone(catalog, specification, snapshotExternalId));
        var smallest = new ByteSize(snapshot?.Model.Size ?? source.Model.Size);
        var size = CheckSize(specification.Size ?? smallest, source.Model.FileSystem);
        if (size < smallest)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The clone '{name}' would have {size}, less than the {smallest} of its source. Give {smallest} or more.");
        }

        if (existing is not null)
        {
            CheckSame(
                existing.Model,
                specification with
                {
                    SourceSnapshot = snapshot?.Model.Name,
                    FileSystem = specification.FileSystem ?? source.Model.FileSystem,
                    Type = specification.Type ?? source.Model.Type,
                },
                size);
            state.Stored.RefuseDamaged(existing);
            return state.Complete(existing);
        }

        CheckInherited(specification, source.Model);
        ServiceContext.RefuseReverting(source);
        await (snapshot is null ? state.Stored.RefuseDamagedAsync(source) : state.Stored.RefuseDamagedAsync(snapshot));
        var allocated = snapshot?.Model.Allocated ?? state.Engine.GetAllocated(source.Id) ?? source.Model.Size;
        var shares = state.Engine.Capabilities.SharesData;
        await state.Capacity.CheckReserveAsync($"Creating the clone '{name}'", shares ? 0 : allocated);
        var row = new VolumeRow
        {
            Id = Guid.CreateVersion7().ToString("D"),
            State = ObjectState.Creating,
            Own = specification.Attributes.Over(source.Own),
            SourceId = source.Id,
            Shared = shares ? allocated : 0,
            Model = source.Model with
            {
                Name = name,
                Size = size,
                Policy = specification.Policy is null ? source.Model.Policy : NoneIfEmpty(specification.Policy),
                Uid = specification.Uid ?? source.Model.Uid,
                Gid = specification.Gid ?? source.Model.Gid,
                Mode = specification.Mode ?? source.Model.Mode,
                Protected = specification.Protected ?? false,
                Takeover = specification.Takeover ?? source.Model.Takeover,
                Description = specification.Description ?? string.Empty,
                Labels = specification.Labels,
                CreatedAt = state.Time.GetUtcNow(),
                SourceVolume = source.Model.Name,
                SourceSnapshot = snapshot?.Model.Name,
            },
        };
        var requested = state.Catalog.Read(catalog => RequestedOf(catalog, row.Own, row.Model.Policy));
        await state.Engine.CheckAsync(requested);
        return await MakeAsync(
            row,
            () => state.Engine.CloneAsync(
                source.Id, snapshot?.Id, new NewVolume(row.Id, size.Bytes, row.Model.Type, requested)));
    }

    /// <summary>Changes a volume in place.</summary>
    public async Task<Volume> UpdateAsync(string name, VolumeChange change)
    {
        ServiceContext.RefuseEncryption(change.Attributes);
        using var held = await state.Locks.TakeAsync(name);
        var places = change.Policy is not null || !change.Attributes.IsEmpty;
        if (places)
        {
            await state.Engine.CheckAsync(state.Catalog.Read(catalog => RequestedAfter(catalog, name, change)));
        }

        var changed = await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, name);
            var policy = change.Policy is null ? row.Model.Policy : NoneIfEmpty(change.Policy);
            CheckPolicy(catalog, policy);
            var own = change.Attributes.Over(row.Own);
            own.Check();
            var model = row.Model with
            {
                Policy = policy,
                Description = change.Description ?? row.Model.Description,
                Protected = change.Protected ?? row.Model.Protected,
                Takeover = change.Takeover ?? row.Model.Takeover,
            };
            catalog.ChangeVolume(row.Id, model, own, state.Time.GetUtcNow());
            return catalog.FindVolumeById(row.Id)!;
        });
        if (change.Policy is not null)
        {
            state.Schedules.Raise();
        }

        if (places)
        {
            state.Placements.Raise();
        }

        return state.Complete(changed);
    }

    /// <summary>Grows a volume, also while it is attached.</summary>
    public async Task<Volume> ResizeAsync(string name, ByteSize wanted)
    {
        using var held = await state.Locks.TakeAsync(name);
        var row = state.Catalog.Read(catalog => ServiceContext.Require(catalog, name));
        var size = CheckSize(wanted, row.Model.FileSystem, row.Model.Size);
        if (size < row.Model.Size)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume '{name}' has {new ByteSize(row.Model.Size)} and cannot shrink to {size}. Volumes only grow.");
        }

        if (size == row.Model.Size)
        {
            return state.Complete(row);
        }

        ServiceContext.RefuseReverting(row);
        await state.Stored.RefuseDamagedAsync(row);
        await state.Capacity.RequireKnownAsync();
        await state.Catalog.WriteAsync(catalog =>
        {
            state.Capacity.CheckPromise(
                catalog, $"Growing the volume '{name}' from {new ByteSize(row.Model.Size)} to {size}", size.Bytes - row.Model.Size);
            catalog.BeginResize(row.Id, size.Bytes);
        });
        var grown = await state.Work.RunAsync(
            () => state.Engine.GrowVolumeAsync(row.Id, size.Bytes),
            catalog =>
            {
                catalog.EndResize(row.Id);
                return catalog.FindVolumeById(row.Id)!;
            },
            () => state.Catalog.WriteAsync(catalog => catalog.TakeBackResize(row.Id)));
        return state.Complete(grown);
    }

    /// <summary>Removes a volume and its snapshots, if its labels allow it.</summary>
    public async Task DeleteAsync(string name, RemovalCondition? condition = null)
    {
        using var held = await state.Locks.TakeAsync(name);
        var (row, locations) = state.Catalog.Read(catalog => RequireLocated(catalog, name));
        RefuseLabels(row.Model, condition ?? new RemovalCondition());
        await RefuseUseAsync(row, locations, "removed");
        var snapshots = await state.Catalog.WriteAsync(catalog =>
        {
            var found = row.Model.SnapshotCount == 0 ? [] : catalog.ListSnapshotsOf(row.Id);
            found.ForEach(snapshot => catalog.BeginSnapshotRemoval(snapshot.Id));
            catalog.RemoveAttachment(row.Id);
            catalog.SetVolumeState(row.Id, ObjectState.Deleting);
            return found;
        });
        state.Stored.ForgetVolume(row.Id);
        snapshots.ForEach(snapshot => state.Stored.ForgetSnapshot(snapshot.Id));
        await removals.EndVolumeAsync(row.Id, snapshots.ConvertAll(snapshot => snapshot.Id));
    }

    /// <summary>Puts a volume's content back to that of a snapshot; its size stays.</summary>
    public async Task<Volume> RevertAsync(string name, string snapshotName)
    {
        using var held = await state.Locks.TakeAsync(name);
        var (row, locations, snapshot) = state.Catalog.Read(catalog =>
        {
            var (found, reached) = RequireLocated(catalog, name);
            return (found, reached, catalog.FindSnapshot(found.Id, snapshotName) ?? throw ServiceContext.SnapshotNotFound(snapshotName));
        });
        if (state.Engine.Capabilities.NotReverted.TryGetValue(row.Model.Type, out var reason))
        {
            throw new ClusterException(
                ErrorCode.Unsupported, $"The volume '{name}' is of type {row.Model.Type} and cannot be reverted: {reason}");
        }

        await RefuseUseAsync(row, locations, "reverted");
        await state.Stored.RefuseDamagedAsync(snapshot);
        await state.Capacity.CheckReserveAsync(
            $"Reverting the volume '{name}'", state.Engine.Capabilities.SharesData ? 0 : snapshot.Model.Allocated);
        await state.Catalog.WriteAsync(catalog =>
        {
            catalog.SetReverting(row.Id, snapshot.Id);
            catalog.PutVolumeSeal(row.Id, null);
        });
        var seal = await state.Work.RunAsync(
            async () =>
            {
                await state.Engine.RevertVolumeAsync(row.Id, snapshot.Id, row.Model.Size);
                return await state.Engine.SealVolumeAsync(row.Id);
            },
            (catalog, made) =>
            {
                catalog.SetReverting(row.Id, null);
                catalog.PutVolumeSeal(row.Id, made);
                return made;
            },
            () => state.Engine.Capabilities.RevertsAtOnce
                ? state.Catalog.WriteAsync(catalog => catalog.SetReverting(row.Id, null))
                : Task.CompletedTask);
        _ = await state.Stored.LookAtVolumeAsync(row with { Seal = seal });
        return state.Complete(row);
    }

    private static VolumeAttributes RequestedAfter(CatalogConnection catalog, string name, VolumeChange change)
    {
        var row = ServiceContext.Require(catalog, name);
        var policy = change.Policy is null ? row.Model.Policy : NoneIfEmpty(change.Policy);
        CheckPolicy(catalog, policy);
        return RequestedOf(catalog, change.Attributes.Over(row.Own), policy);
    }

    private static VolumeAttributes RequestedOf(CatalogConnection catalog, VolumeAttributes own, string? policy) =>
        policy is not null && catalog.FindPolicy(policy) is { } found ? own.Over(found.Requested) : own;

    internal static void CheckPolicy(CatalogConnection catalog, string? policy)
    {
        if (policy is not null && !catalog.HasPolicy(policy))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"There is no policy '{ObjectName.Printable(policy)}'. Create it first, or give the name of one that is there.");
        }
    }

    private async Task<Volume> MakeAsync(VolumeRow row, Func<Task> store)
    {
        await _leftovers.TakeBackVolumesAsync(state.Catalog.Read(catalog => catalog.ListBegunVolumes([row.Model.Name])));
        await state.Capacity.RequireKnownAsync();
        await state.Catalog.WriteAsync(catalog =>
        {
            CheckPromise(catalog, row.Model.Name, row.Model.Policy, row.Model.Size);
            catalog.InsertVolume(row);
        });
        var made = await state.Work.RunAsync(
            async () =>
            {
                await store();
                return await state.Engine.SealVolumeAsync(row.Id);
            },
            (catalog, seal) =>
            {
                catalog.PutVolumeSeal(row.Id, seal);
                catalog.SetVolumeState(row.Id, ObjectState.Ready);
                return catalog.FindVolumeById(row.Id)!;
            },
            () => _leftovers.TakeBackVolumeAsync(row.Id));
        return state.Complete(made);
    }

    private async Task MakeAsync(CreationBatch batch)
    {
        await state.Capacity.RequireKnownAsync();

        // The transaction below decides; what is refused before it has not touched the storage.
        var policies = state.Catalog.Read(catalog =>
        {
            batch.Settle(wanted =>
            {
                CheckPromise(catalog, wanted.Name, NoneIfEmpty(wanted.Policy), wanted.Size!.Value);
                return null;
            });
            return ReadPolicies(catalog, batch.Open);
        });
        if (batch.OpenCount == 0)
        {
            return;
        }

        await state.Capacity.CheckReserveAsync(
            batch.OpenCount == 1 ? $"Making the volume '{batch.OpenNames[0]}'" : $"Making {batch.OpenCount} volumes");
        var ids = await reservedIds.TakeAsync(batch.OpenCount);
        var rows = batch.Open.Zip(ids, NewBlank).ToList();
        var insertions = await state.Work.RunAsync(
            () => state.Engine.CreateVolumesAsync(rows.ConvertAll(
                row => new NewVolume(row.Id, row.Model.Size, row.Model.Type, Requested(row.Own, row.Model.Policy, policies)))),
            (catalog, failed) => rows.ConvertAll(
                row => failed.TryGetValue(row.Id, out var error) ? new Insertion(row, error) : TryInsert(catalog, row)),
            () => reservedIds.TakeBackAsync(ids));
        var outcomes = insertions.ToDictionary(insertion => insertion.Row.Model.Name, StringComparer.Ordinal);
        batch.Settle(wanted => outcomes[wanted.Name].Error is { } error ? throw error : state.Complete(outcomes[wanted.Name].Row));
        insertions.FindAll(insertion => insertion.Error is null).ForEach(insertion => reservedIds.EndUse(insertion.Row.Id));
        if (insertions.FindAll(insertion => insertion.Error is not null) is { Count: > 0 } failures)
        {
            await EngineWork.TryTakeBackAsync(() => reservedIds.TakeBackAsync(failures.ConvertAll(failure => failure.Row.Id)));
        }
    }

    private static Dictionary<string, VolumeAttributes> ReadPolicies(
        CatalogConnection catalog, IEnumerable<VolumeSpecification> specifications) => specifications
        .Select(wanted => NoneIfEmpty(wanted.Policy))
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(name => name, name => catalog.FindPolicy(name)!.Requested, StringComparer.Ordinal);

    private static VolumeAttributes Requested(
        VolumeAttributes own, string? policy, Dictionary<string, VolumeAttributes> policies) =>
        policy is null ? own : own.Over(policies[policy]);

    // The row is the last that is done for a volume, so that one that is refused leaves nothing in the transaction of the others.
    private Insertion TryInsert(CatalogConnection catalog, VolumeRow row)
    {
        try
        {
            CheckPromise(catalog, row.Model.Name, row.Model.Policy, row.Model.Size);
            catalog.InsertVolume(row);
            return new Insertion(row.Model.Policy is null ? row : catalog.FindVolumeById(row.Id)!, Error: null);
        }
        catch (ClusterException error)
        {
            return new Insertion(row, error);
        }
    }

    private VolumeSpecification CheckBlank(VolumeSpecification specification)
    {
        _ = ObjectName.Check("volume", specification.Name);
        var fileSystem = specification.FileSystem ?? VolumeFileSystem.Ext4;
        var size = CheckSize(
            specification.Size ?? throw new ClusterException(ErrorCode.InvalidArgument, "A volume needs a size."), fileSystem);
        CheckOwner(specification);
        ServiceContext.RefuseEncryption(specification.Attributes);
        return specification with { Size = size };
    }

    private Volume Same(VolumeRow existing, VolumeSpecification wanted)
    {
        CheckSame(existing.Model, wanted, wanted.Size!.Value);
        state.Stored.RefuseDamaged(existing);
        return state.Complete(existing);
    }

    private VolumeRow NewBlank(VolumeSpecification wanted, string id) => new()
    {
        Id = id,
        State = ObjectState.Ready,
        Own = wanted.Attributes,
        Model = new Volume
        {
            Name = wanted.Name,
            Id = id,
            Requested = wanted.Attributes,
            Size = wanted.Size!.Value,
            Type = wanted.Type ?? VolumeType.Block,
            Policy = NoneIfEmpty(wanted.Policy),
            FileSystem = wanted.FileSystem ?? VolumeFileSystem.Ext4,
            Uid = wanted.Uid,
            Gid = wanted.Gid,
            Mode = wanted.Mode,
            Protected = wanted.Protected ?? false,
            Takeover = wanted.Takeover ?? TakeoverPolicy.Never,
            Description = wanted.Description ?? string.Empty,
            Labels = wanted.Labels,
            CreatedAt = state.Time.GetUtcNow(),
        },
    };

    private void CheckPromise(CatalogConnection catalog, string name, string? policy, long size)
    {
        CheckPolicy(catalog, policy);
        state.Capacity.CheckPromise(catalog, $"Creating the volume '{name}' of {new ByteSize(size)}", size);
    }

    private static (VolumeRow Source, SnapshotRow? Snapshot, VolumeRow? Existing) FindForClone(
        CatalogConnection catalog, VolumeSpecification specification, string? externalId)
    {
        var source = ServiceContext.Require(catalog, specification.SourceVolume!);
        SnapshotRow? snapshot = null;
        if (externalId is not null)
        {
            snapshot = catalog.FindSnapshotByExternalId(externalId);
            snapshot = snapshot?.VolumeId == source.Id ? snapshot : throw ServiceContext.SnapshotNotFound(externalId);
        }
        else if (specification.SourceSnapshot is { } snapshotName)
        {
            snapshot = catalog.FindSnapshot(source.Id, snapshotName) ?? throw ServiceContext.SnapshotNotFound(snapshotName);
        }

        return (source, snapshot, catalog.FindVolume(specification.Name));
    }

    private ByteSize CheckSize(ByteSize wanted, VolumeFileSystem fileSystem, ByteSize? present = null)
    {
        var capabilities = state.Engine.Capabilities;
        var smallest = present is { } now
            ? Math.Min(now.Bytes, capabilities.MinimumVolumeBytes)
            : Math.Max(capabilities.MinimumVolumeBytes, VolumeSizes.SmallestOf(fileSystem).Bytes);
        if (wanted.Bytes < smallest || wanted.Bytes > capabilities.MaximumVolumeBytes)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The size {wanted} is out of range: a volume with {(fileSystem == VolumeFileSystem.Xfs ? "xfs" : "ext4")} has "
                    + $"{VolumeSizes.Range(new ByteSize(smallest), new ByteSize(capabilities.MaximumVolumeBytes))} here.");
        }

        return new ByteSize((wanted.Bytes + Alignment - 1) / Alignment * Alignment);
    }

    private static void CheckOwner(VolumeSpecification specification)
    {
        if (specification.Mode is < 0 or > 4095)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The mode {specification.Mode} is out of range: it is 0 to 4095 (octal 7777).");
        }
    }

    private static void CheckInherited(VolumeSpecification specification, Volume source)
    {
        if (specification.Type is { } type && type != source.Type)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The clone '{specification.Name}' cannot be of type {type}: its source is of type {source.Type}.");
        }

        if (specification.FileSystem is { } fileSystem && fileSystem != source.FileSystem)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The clone '{specification.Name}' cannot have {fileSystem}: its source has {source.FileSystem}.");
        }
    }

    private static void CheckSame(Volume existing, VolumeSpecification wanted, ByteSize size)
    {
        void Refuse(string have, string want) =>
            throw new ClusterException(
                ErrorCode.Conflict,
                $"A volume '{existing.Name}' already exists and has {have}, not {want}. Give another name, or remove that volume first.");

        if (existing.Size != size)
        {
            Refuse($"the size {new ByteSize(existing.Size)}", size.ToString());
        }

        if ((wanted.Type ?? VolumeType.Block) != existing.Type)
        {
            Refuse($"the type {existing.Type}", (wanted.Type ?? VolumeType.Block).ToString());
        }

        if (wanted.FileSystem is { } fileSystem && fileSystem != existing.FileSystem)
        {
            Refuse($"the file system {existing.FileSystem}", fileSystem.ToString());
        }

        if (existing.SourceVolume != wanted.SourceVolume || existing.SourceSnapshot != wanted.SourceSnapshot)
        {
            Refuse(
                $"the source {Source(existing.SourceVolume, existing.SourceSnapshot)}", Source(wanted.SourceVolume, wanted.SourceSnapshot));
        }
    }

    private static string Source(string? volume, string? snapshot) =>
        volume is null ? "none" : snapshot is null ? volume : $"{volume}@{snapshot}";

    private static void RefuseLabels(Volume volume, RemovalCondition condition)
    {
        if (condition.UnlessLabelled.FirstOrDefault(volume.Labels.ContainsKey) is { } present)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume '{volume.Name}' has the label '{ObjectName.Printable(present)}', with which it was not to be removed.");
        }

        foreach (var (label, value) in condition.IfLabelled)
        {
            if (!volume.Labels.TryGetValue(label, out var found) || found != value)
            {
                throw new ClusterException(
                    ErrorCode.Refused,
                    $"The volume '{volume.Name}' does not have the label '{ObjectName.Printable(label)}' of the value "
                        + $"'{ObjectName.Printable(value)}', without which it was not to be removed.");
            }
        }
    }

    private static (VolumeRow Row, List<string> Locations) RequireLocated(CatalogConnection catalog, string name)
    {
        var row = ServiceContext.Require(catalog, name);
        return (row, catalog.ListLocations(row.Id));
    }

    private async Task RefuseUseAsync(VolumeRow row, List<string> locations, string done)
    {
        if (row.Model.Protected)
        {
            throw new ClusterException(
                ErrorCode.Refused, $"The volume '{row.Model.Name}' is protected and cannot be {done}. Take the protection off first.");
        }

        if (row.Model.Attachment is { } lease && state.IsHeld(lease))
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"The volume '{row.Model.Name}' is attached to the host '{lease.Host}' since {AttachmentService.Show(lease.AttachedAt)} "
                    + $"and cannot be {done}. Detach it there first.");
        }

        if (locations.Count > 0)
        {
            var (used, end) = row.Model.Type == VolumeType.File ? ("exported through", "Unmount") : ("mapped on", "Unmap");
            throw new ClusterException(
                ErrorCode.Busy,
                $"The volume '{row.Model.Name}' is {used} the target{(locations.Count == 1 ? string.Empty : "s")} "
                    + $"{string.Join(", ", locations.Select(location => $"'{location.Split(':')[0]}'"))} and cannot be {done}. "
                    + $"{end} it there first.");
        }

        if (await state.Engine.FindUserAsync(row.Id) is { } user)
        {
            var where = state.Engine.Capabilities.OwnMachineOnly ? "on this machine " : string.Empty;
            throw new ClusterException(
                ErrorCode.Busy,
                $"The volume '{row.Model.Name}' is in use {where}through {user} and cannot be {done}. "
                    + "Unmount it and detach the device first.");
        }
    }

    private static string? NoneIfEmpty(string? policy) => string.IsNullOrEmpty(policy) ? null : policy;

    /// <summary>A volume as it is in the catalog now, or why it could not be made.</summary>
    private sealed record Insertion(VolumeRow Row, ClusterException? Error);
}
