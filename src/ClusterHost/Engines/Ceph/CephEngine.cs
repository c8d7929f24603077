using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Volumes as RBD images and CephFS subvolumes of an existing Ceph cluster, in pools that give what their policies ask for.
/// </summary>
internal sealed class CephEngine : IStorageEngine
{
    private const string Commands = "commands";
    private const string CloneSnapshot = "clone-";
    private const long SmallestVolume = 1L << 20;

    // An image's object map has two bits for each 4 MiB: 16 MB at this size, which a client reads whenever it opens the image.
    private const long LargestVolume = 256L << 40;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly CephOptions _options;
    private readonly RadosCluster _cluster;
    private readonly IPlacements _placements;
    private readonly CephFileSystem _files;
    private readonly CephHealth _health;
    private readonly CephThreads _threads;
    private readonly UsageCache _usage;
    private readonly ConcurrentDictionary<string, VolumePlace> _places = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _moving = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _unread = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _learning;
    private readonly Lock _purgeGate = new();
    private Task _purging = Task.CompletedTask;

    private CephEngine(CephOptions options, RadosCluster cluster, IPlacements placements, TimeProvider time)
    {
        _options = options;
        _cluster = cluster;
        _placements = placements;
        _threads = new CephThreads(options.CallLimit, time);
        _files = new CephFileSystem(cluster, cluster.Manager, options.Prefix);
        _health = new CephHealth(cluster, options.Prefix, cluster.GetAddress(), options.HealthInterval);
        _usage = new UsageCache(MeasureVolumeAsync, time);
        _learning = Task.WhenAll([
            .. placements.Pools.Select(pool => LearnAsync(pool, () => Learn(Pool(pool)))),
            .. placements.FilePools.Select(pool => LearnAsync(pool, () => Learn(_files.Store(pool)))),
        ]);
    }

    public EngineCapabilities Capabilities { get; } = new()
    {
        Name = "Ceph",
        VolumeTypes = [VolumeType.Block, VolumeType.File],
        HonouredAttributes = ["replicationFactor", "replicationPolicy", "dataCenters", "residence", "compression"],
        FixedPlacementTypes = [VolumeType.File],
        PlacementChecks = true,
        SharesData = true,
        OwnMachineOnly = false,
        FencesHolders = false,
        RevertsAtOnce = false,
        NotReverted = new Dictionary<VolumeType, string>
        {
            [VolumeType.File] = "CephFS cannot put files back to a snapshot. Clone the snapshot instead.",
        },
        Storage = "the Ceph cluster",
        MinimumVolumeBytes = SmallestVolume,
        MaximumVolumeBytes = LargestVolume,
    };

    /// <summary>Opens what is stored for a cluster.</summary>
    /// <exception cref="ClusterException">Ceph cannot be reached or used.</exception>
    public static CephEngine Open(
        CephOptions options, Func<RadosCluster, IPlacements> openPlacements, CephCalls? calls = null, TimeProvider? time = null)
    {
        var cluster = RadosCluster.Connect(options, calls ?? new CephCalls());
        try
        {
            var engine = new CephEngine(options, cluster, openPlacements(cluster), time ?? TimeProvider.System);

            // A pool that does not answer keeps no other from being served.
#pragma warning disable RS0030 // Nobody is answered yet.
            _ = engine._learning.Wait(options.CallLimit);
#pragma warning restore RS0030
            engine.PurgeSoon();
            return engine;
        }
        catch (CephException error)
        {
            cluster.Dispose();
            throw CephFailure.Explain("What is stored in Ceph cannot be read", error, new CephState([], 0, null, [], 0), options.User);
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public VolumeAttributes Effective(VolumeAttributes requested) => _placements.Effective(requested);

    public VolumeAttributes Effective(string volumeId, VolumeAttributes requested) => AskedFor.Of(
        requested, _places.TryGetValue(volumeId, out var place) ? _placements.EffectiveOf(place.Pool) : VolumeAttributes.None);

    public Task CheckAsync(VolumeAttributes requested) => RunAsync(
        Commands, "The placement cannot be checked", () => _placements.Check(requested));

    // An image is made in one call, and known by its id until then.
    public Task PrepareVolumesAsync(IReadOnlyCollection<string> volumeIds) => Task.CompletedTask;

    public async Task<IReadOnlyDictionary<string, ClusterException>> CreateVolumesAsync(IReadOnlyCollection<NewVolume> volumes)
    {
        var failed = new ConcurrentDictionary<string, ClusterException>(StringComparer.Ordinal);
        var pools = new Dictionary<(VolumeAttributes, VolumeType), Task<string>>();
        foreach (var volume in volumes)
        {
            var key = (volume.Requested, volume.Type);
            if (!pools.ContainsKey(key))
            {
                pools.Add(key, RequirePoolAsync(volume.Requested, volume.Type));
            }
        }

        await Task.WhenAll(volumes.Select(async volume =>
        {
            try
            {
                var pool = await pools[(volume.Requested, volume.Type)];
                await CreateAsync(volume, pool);
            }
            catch (ClusterException error)
            {
                failed[volume.Id] = error;
            }
        }));
        return failed;
    }

    // An image has its size durably as soon as it is made.
    public Task<IReadOnlyList<string>> RestoreSizesAsync(IReadOnlyCollection<(string VolumeId, long Size)> volumes) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task FlushVolumeAsync(string volumeId) => Task.CompletedTask;

    public string? FindDamage(string volumeId, long size) =>
        _places.ContainsKey(volumeId) || !_unread.IsEmpty ? null : Missing(volumeId);

    public Task<string?> FindDamageAsync(string volumeId, long size, string? seal) =>
        !_places.TryGetValue(volumeId, out var place)
            ? Task.FromResult(MissingUnlessUnread(volumeId))
            : RunAsync(place.Pool, "The volume cannot be looked at", () => Look(place, volumeId, size));

    public Task<string?> FindSnapshotDamageAsync(string volumeId, string snapshotId, long size, string? seal) =>
        !_places.TryGetValue(volumeId, out var place)
            ? Task.FromResult(MissingUnlessUnread(volumeId))
            : RunAsync(
                place.Pool,
                "The snapshot cannot be looked at",
                () => Store(place).HasSnapshot(Image(volumeId), snapshotId)
                    ? null
                    : $"its snapshot {snapshotId} of the {Word(place)} {place.Pool}/{Image(volumeId)} is missing in Ceph");

    // Ceph itself checks what it has stored, again and again (scrub).
    public Task<string?> SealVolumeAsync(string volumeId) => Task.FromResult<string?>(null);

    public Task<string?> SealSnapshotAsync(string snapshotId) => Task.FromResult<string?>(null);

    public async Task GrowVolumeAsync(string volumeId, long size)
    {
        var place = Require(volumeId);
        RefuseFull(place.Pool, "The volume cannot be grown");
        _ = await RunAsync(place.Pool, "The volume cannot be grown", () => Store(place).Grow(Image(volumeId), size));
    }

    public async Task DeleteVolumeAsync(string volumeId)
    {
        if (!_places.TryGetValue(volumeId, out var place))
        {
            if (!_unread.IsEmpty)
            {
                throw Unread();
            }

            return;
        }

        var toTrash = await RunAsync(place.Pool, "The volume cannot be removed", () =>
        {
            var store = Store(place);
            store.RemoveSnapshots(Image(volumeId), CloneSnapshot);
            return store.Remove(Image(volumeId));
        });
        _ = _places.TryRemove(volumeId, out _);
        _usage.Forget(volumeId);
        if (toTrash)
        {
            PurgeSoon();
        }
    }

    public async Task<long> CreateSnapshotAsync(string volumeId, string snapshotId)
    {
        var place = Require(volumeId);
        RefuseFull(place.Pool, "The snapshot cannot be made");
        var taken = await RunAsync(
            place.Pool,
            "The snapshot cannot be made",
            () => Store(place).CreateSnapshot(Image(volumeId), snapshotId));
        _usage.Put(volumeId, taken);
        return taken;
    }

    public Task DeleteSnapshotAsync(string volumeId, string snapshotId) =>
        !_places.TryGetValue(volumeId, out var place)
            ? Task.CompletedTask
            : RunAsync(
                place.Pool, "The snapshot cannot be removed", () => Store(place).RemoveSnapshot(Image(volumeId), snapshotId));

    public async Task CloneAsync(string sourceVolumeId, string? snapshotId, NewVolume volume)
    {
        // Beside its source, with which it shares what neither has written since. It is moved from there if it is to lie elsewhere.
        var place = Require(sourceVolumeId);
        RefuseFull(place.Pool, "The clone cannot be made");
        var source = Image(sourceVolumeId);
        var isNew = _places.TryAdd(volume.Id, place);
        try
        {
            bool Clone()
            {
                var store = Store(place);
                var snapshot = snapshotId ?? CloneSnapshot + volume.Id;
                if (snapshotId is null)
                {
                    _ = store.CreateSnapshot(source, snapshot);
                }

                store.Clone(source, snapshot, Image(volume.Id), volume.Size);
                if (snapshotId is null)
                {
                    store.RemoveSnapshot(source, snapshot);
                }

                return true;
            }

            // Of files all are copied.
            _ = await ExplainAsync(
                "The clone cannot be made",
                place.Type == VolumeType.File ? _threads.CopyAsync(place.Pool, Clone) : _threads.RunAsync(place.Pool, Clone));
        }
        catch (ClusterException error) when (isNew && IsRefusal(error))
        {
            _ = _places.TryRemove(volume.Id, out _);
            throw;
        }
    }

    public async Task RevertVolumeAsync(string volumeId, string snapshotId, long size)
    {
        var place = Require(volumeId);
        RefuseFull(place.Pool, "The volume cannot be reverted");
        await ExplainAsync("The volume cannot be reverted", _threads.CopyAsync(place.Pool, () =>
        {
            Store(place).Revert(Image(volumeId), snapshotId, size);
            return true;
        }));
        _usage.Forget(volumeId);
    }

    public Task ResumeRevertAsync(string volumeId, string snapshotId, long size) => RevertVolumeAsync(volumeId, snapshotId, size);

    public bool IsMisplaced(string volumeId, VolumeAttributes requested) =>
        _moving.ContainsKey(volumeId)
            || (_places.TryGetValue(volumeId, out var place) && !Capabilities.FixedPlacementTypes.Contains(place.Type)
                && _placements.NameFor(Beside(place, requested), place.Type) is { } wanted && wanted != place.Pool);

    public async Task MoveVolumeAsync(string volumeId, VolumeAttributes requested, IProgress<double> progress)
    {
        var place = Require(volumeId);
        var image = Image(volumeId);
        if (!_moving.ContainsKey(volumeId))
        {
            var target = await RequirePoolAsync(Beside(place, requested), place.Type);
            if (target == place.Pool)
            {
                return;
            }

            RefuseFull(target, "The volume cannot be moved");

            // All of it is to lie in the new pool afterwards. An earlier try may have had its effect though it seemed to fail.
            await ExplainAsync("The volume cannot be moved", _threads.CopyAsync(place.Pool, () =>
            {
                if (Pool(target).FindSize(image) is null)
                {
                    Pool(place.Pool).Flatten(image);
                    Pool(place.Pool).PrepareMove(image, Pool(target));
                }

                return true;
            }));
            _moving[volumeId] = true;
            place = place with { Pool = target };
            _places[volumeId] = place;
        }

        await ExplainAsync("The volume cannot be moved", _threads.CopyAsync(place.Pool, () =>
        {
            Pool(place.Pool).Move(image, progress);
            return true;
        }));
        _ = _moving.TryRemove(volumeId, out _);
        PurgeSoon();
    }

    // Snapshots of a clone that was being made.
    public Task ReleaseVolumeAsync(string volumeId) =>
        !_places.TryGetValue(volumeId, out var place)
            ? Task.CompletedTask
            : RunAsync(
                place.Pool, "The volume cannot be released", () => Store(place).RemoveSnapshots(Image(volumeId), CloneSnapshot));

    public async Task<string?> FindUserAsync(string volumeId)
    {
        if (!_places.TryGetValue(volumeId, out var place))
        {
            return null;
        }

        var watchers = await RunAsync(
            place.Pool, "It cannot be told who uses the volume", () => Store(place).ListUsers(Image(volumeId)));
        return watchers.Count == 0 ? null : $"the Ceph client {string.Join(", ", watchers)}";
    }

    // Who holds a lease is known by its host only, until leases carry the addresses of their Ceph clients.
    public async Task<string?> FenceAsync(string volumeId, Attachment holder) =>
        _places.TryGetValue(volumeId, out var place) && place.Type == VolumeType.File
            ? "Which clients have a volume of type File mounted cannot be told."
            : await FindUserAsync(volumeId) is { } user ? $"{user} has it open." : null;

    // A removal is durable when its call has returned.
    public Task FlushRemovalsAsync() => Task.CompletedTask;

    public async Task<EngineDevice> LocateAsync(string volumeId)
    {
        var place = Require(volumeId);
        return place.Type == VolumeType.Block ? new EngineDevice("rbd", $"{place.Pool}/{Image(volumeId)}") : await RunAsync(
            place.Pool,
            "It cannot be told where the volume is",
            () => new EngineDevice("cephfs", $"{_files.Name}:{_files.Store(place.Pool).GetPath(Image(volumeId))}"));
    }

    public long? GetAllocated(string volumeId) => _places.ContainsKey(volumeId) ? _usage.Find(volumeId) : 0;

    public async Task<bool> HoldsDataAsync(string volumeId) =>
        _places.TryGetValue(volumeId, out var place)
            && await RunAsync(place.Pool, "The volume cannot be measured", () => Store(place).Measure(Image(volumeId))) > 0;

    public long GetFree()
    {
        var state = _health.State;
        return state.Free ?? (state.RawFree / _placements.DefaultCopies);
    }

    public IReadOnlyList<string> FindProblems() =>
    [
        .. _health.State.Problems,
        .. _placements.Problems,
        .. _unread.Keys.Select(pool => $"The pool {pool} of Ceph does not answer; the volumes in it are unknown until it does."),
    ];

    public Task<EngineUsage> MeasureAsync(CancellationToken cancellationToken)
    {
        // What is full is as large as before, and what is promised is measured by that: else the promise would be told as the cause.
        var state = _health.State;
        var room = state.Free > 0 ? state.Free.Value : state.RawFree / _placements.DefaultCopies;
        return Task.FromResult(new EngineUsage(room + state.Stored, room, state.Stored));
    }

    public async Task<EngineInventory> TakeInventoryAsync(
        IReadOnlyCollection<string> volumeIds, IReadOnlyCollection<string> snapshotIds)
    {
        var missing = volumeIds.ToHashSet(StringComparer.Ordinal);
        var unknown = new List<string>();
        await RunAsync(Commands, "The pools cannot be listed", _placements.Refresh);
        if (!_unread.IsEmpty)
        {
            return new EngineInventory([], []);
        }

        foreach (var pool in _placements.Pools)
        {
            Compare(pool, await RunAsync(pool, "The pool cannot be listed", Pool(pool).List));
        }

        foreach (var pool in _placements.FilePools)
        {
            Compare(pool, await RunAsync(pool, "The subvolumes cannot be listed", _files.Store(pool).List));
        }

        return new EngineInventory([.. missing.Select(Image)], unknown);

        void Compare(string pool, List<string> names) =>
            unknown.AddRange(names.Where(name => IdOf(name) is { } id && !missing.Remove(id)).Select(name => $"{pool}/{name}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _health.Dispose();
        _files.Dispose();
        _ = await Task.WhenAny(_purging, Task.Delay(StopLimit));
        _threads.Dispose();

        // What the library still does must not lose its handle.
        if (_threads.Running == 0)
        {
            _cluster.Dispose();
        }

        _stop.Dispose();
    }

    private static bool IsRefusal(ClusterException error) =>
        error.InnerException is CephException { Error: CephException.NotThere or CephException.Invalid or CephException.NoSpace };

    private async Task CreateAsync(NewVolume volume, string pool)
    {
        if (volume.Size is <= 0 or > LargestVolume)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The size of {volume.Size} bytes is out of range: an image has at most {new ByteSize(LargestVolume)}.");
        }

        try
        {
            await MakeAsync(volume, pool);
        }
        catch (ClusterException error) when (error.InnerException is CephException { Error: CephException.NotThere })
        {
            // Somebody has removed the pool.
            _cluster.ForgetPool(pool);
            pool = await RunAsync(Commands, "The pool for the volume cannot be made", () =>
            {
                _placements.Refresh();
                return _placements.Require(volume.Requested, volume.Type);
            });
            await MakeAsync(volume, pool);
        }

        _usage.Put(volume.Id, 0);
    }

    // Who waits for the monitors to make a pool keeps nobody waiting whose pool is there.
    private Task<string> RequirePoolAsync(VolumeAttributes requested, VolumeType type) =>
        _placements.Find(requested, type) is { } known
            ? Task.FromResult(known)
            : RunAsync(Commands, "The pool for the volume cannot be made", () => _placements.Require(requested, type));

    // Ceph keeps it waiting until there is space, which nobody may free for days.
    private void RefuseFull(string pool, string what)
    {
        var state = _health.State;
        if (state.FullPools.Contains(pool, StringComparer.Ordinal))
        {
            throw CephFailure.Explain(what, new CephException(pool, CephException.NoSpace), state, _options.User);
        }
    }

    private Task<bool> MakeAsync(NewVolume volume, string pool)
    {
        RefuseFull(pool, "The volume cannot be made");

        // Before the call: should it have its effect later, the image is found when it is taken back.
        var place = new VolumePlace(pool, volume.Type);
        _places[volume.Id] = place;
        return RunAsync(pool, "The volume cannot be made", () => Store(place).Create(Image(volume.Id), volume.Size));
    }

    // A volume that asks for no number of copies keeps the number that it was made with, whatever hosts come and go.
    private VolumeAttributes Beside(VolumePlace place, VolumeAttributes requested) => requested with
    {
        ReplicationFactor = requested.ReplicationFactor ?? _placements.EffectiveOf(place.Pool).ReplicationFactor,
    };

    private ICephStore Store(VolumePlace place) => place.Type == VolumeType.File ? _files.Store(place.Pool) : Pool(place.Pool);

    private RbdPool Pool(string name) => new(_cluster, name);

    private static string Word(VolumePlace place) => place.Type == VolumeType.File ? "subvolume" : "image";

    private string Image(string volumeId) => $"{_options.Prefix}-{volumeId}";

    private string? IdOf(string image) =>
        image.StartsWith(_options.Prefix + "-", StringComparison.Ordinal)
            && Guid.TryParseExact(image[(_options.Prefix.Length + 1)..], "D", out _)
                ? image[(_options.Prefix.Length + 1)..]
                : null;

    private VolumePlace Require(string volumeId) => _places.TryGetValue(volumeId, out var place)
        ? place
        : throw (_unread.IsEmpty ? new ClusterException(ErrorCode.Internal, $"{Missing(volumeId)}.") : Unread());

    private string? MissingUnlessUnread(string volumeId) => _unread.IsEmpty ? Missing(volumeId) : throw Unread();

    // Until all pools have been listed, what is not known may be in one of the others.
    private ClusterException Unread() => new(
        ErrorCode.Unreachable,
        $"The pool {string.Join(", ", _unread.Keys)} of Ceph does not answer ({_health.State.Cause}), and the volume may be in it. "
            + "It goes on by itself when Ceph does; try again then.");

    private string Missing(string volumeId) => $"what is stored of it, {Image(volumeId)}, is missing in Ceph";

    private string? Look(VolumePlace place, string volumeId, long size)
    {
        var found = Store(place).FindSize(Image(volumeId));
        return found is null ? $"its {Word(place)} {place.Pool}/{Image(volumeId)} is missing in Ceph"
            : found < size
                ? $"its {Word(place)} {place.Pool}/{Image(volumeId)} has {new ByteSize(found.Value)} instead of {new ByteSize(size)}"
            : null;
    }

    // Until it has answered.
    private async Task LearnAsync(string pool, Action learn)
    {
        _unread[pool] = true;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = await _threads.RunAsync(pool, () =>
                {
                    learn();
                    return true;
                });
                _ = _unread.TryRemove(pool, out _);
                return;
            }
            catch (CephException error) when (error.Error == CephException.NotThere)
            {
                _ = _unread.TryRemove(pool, out _);
                return;
            }
            catch (Exception error) when (error is CephException or TimeoutException or ClusterException)
            {
                await Task.WhenAny(Task.Delay(_options.HealthInterval, _stop.Token));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Learn(RbdPool pool)
    {
        foreach (var image in pool.List())
        {
            if (IdOf(image) is { } id)
            {
                _places[id] = new VolumePlace(pool.Name, VolumeType.Block);
            }
        }

        foreach (var (_, image, isMoving) in pool.ListTrash())
        {
            if (isMoving && IdOf(image) is { } id)
            {
                _moving[id] = true;
            }
        }
    }

    private void Learn(SubvolumeStore store)
    {
        foreach (var id in store.List().Select(IdOf).OfType<string>())
        {
            _places[id] = new VolumePlace(store.Pool, VolumeType.File);
        }
    }

    private async Task<long> MeasureVolumeAsync(string volumeId)
    {
        var place = Require(volumeId);
        return await _threads.RunAsync(place.Pool, () => Store(place).Measure(Image(volumeId)));
    }

    private void PurgeSoon()
    {
        lock (_purgeGate)
        {
            _purging = PurgeAsync(_purging);
        }
    }

    // Once more after the round that is under way, which may have looked at a pool already.
    private async Task PurgeAsync(Task before)
    {
        await before;
        foreach (var pool in _placements.Pools)
        {
            try
            {
                foreach (var (id, image, isMoving) in await _threads.RunAsync(pool, Pool(pool).ListTrash))
                {
                    if (!isMoving && IdOf(image) is not null)
                    {
                        _ = await _threads.CopyAsync(pool, () =>
                        {
                            Pool(pool).Purge(id);
                            return true;
                        });
                    }
                }
            }
            catch (Exception error) when (error is CephException or TimeoutException or ObjectDisposedException)
            {
                // It stays in the trash; the next removal, or the next start, tries again.
            }
        }
    }

    private Task<bool> RunAsync(string pool, string what, Action call) => RunAsync(pool, what, () =>
    {
        call();
        return true;
    });

    private Task<T> RunAsync<T>(string pool, string what, Func<T> call) => ExplainAsync(what, _threads.RunAsync(pool, call));

    private async Task<T> ExplainAsync<T>(string what, Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception error) when (error is CephException or TimeoutException)
        {
            _health.AskSoon();
            throw CephFailure.Explain(what, error, _health.State, _options.User);
        }
    }
}
