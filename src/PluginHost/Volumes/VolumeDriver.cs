using HedvigStorage.PluginHost.Cluster;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Mounts;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>What the calls of the volume plugin protocol do.</summary>
internal sealed class VolumeDriver
{
    private static readonly TimeSpan UnknownLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KnownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SnapshotLimit = TimeSpan.FromSeconds(1);

    private readonly ICluster _cluster;
    private readonly VolumeCache _cache;
    private readonly MountService _mounts;
    private readonly ClusterReach _reach;
    private readonly CallLimits _limits;
    private readonly RemovalCheck _removals;

    public VolumeDriver(
        ICluster cluster, VolumeCache cache, MountService mounts, ClusterReach reach, CallLimits limits, RemovalPolicy removals)
    {
        _cluster = cluster;
        _cache = cache;
        _mounts = mounts;
        _reach = reach;
        _limits = limits;
        _removals = new RemovalCheck(cluster, removals);
    }

    /// <summary>Makes a volume, or finds the same one.</summary>
    public async Task CreateAsync(string name, IReadOnlyDictionary<string, string> options)
    {
        if (options.Keys.Any(option => string.Equals(option, CreateOptions.Help, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, CreateOptions.Describe());
        }

        var specification = CreateOptions.Parse(name, options);
        var volume = await _cluster.WithinAsync(_limits.Create, async (cluster, cancellationToken) =>
        {
            if (specification is { Size: null, SourceVolume: null })
            {
                var existing = await cluster.FindVolumeAsync(name, cancellationToken);
                if (existing is not null && options.Count == 0)
                {
                    return existing;
                }

                specification = specification with { Size = existing?.Size ?? CreateOptions.DefaultSize };
            }

            return await cluster.CreateVolumeAsync(specification, cancellationToken);
        });
        _cache.Put(volume);
    }

    /// <summary>Removes a volume that is not mounted and is the engine's to remove; one that is not there is not an error.</summary>
    public async Task RemoveAsync(string name, string? engine)
    {
        _ = ObjectName.Check("volume", name);
        await _mounts.WithUnusedAsync(name, engine, async () =>
        {
            // An engine asks only when none of its containers has the volume: uses that it never ended are over by now, whether the volume
            // may be removed or not.
            if (!await TryRemoveAsync(name))
            {
                await CheckAndRemoveAsync(name);
            }

            _cache.Remove(name);
        });
    }

    // Looked at and removed in one step: one request, and nobody takes the volume for a document in between.
    private async Task<bool> TryRemoveAsync(string name)
    {
        try
        {
            return _cluster is IConditionalRemoval removal
                && await _cluster.WithinAsync(
                    _limits.Remove, (_, cancellationToken) => removal.TryRemoveVolumeAsync(name, _removals.Condition, cancellationToken));
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Refused)
        {
            // The check knows whose the volume is and says what to do; another reason is the cluster's own.
            await _removals.CheckAsync(name, _limits.Remove);
            throw;
        }
    }

    // For a cluster host of an earlier version.
    private async Task CheckAndRemoveAsync(string name)
    {
        await _removals.CheckAsync(name, _limits.Remove);
        try
        {
            await _cluster.WithinAsync(_limits.Remove, (cluster, cancellationToken) => cluster.DeleteVolumeAsync(name, cancellationToken));
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            // It is gone, which is what was asked for.
        }
    }

    /// <summary>Adds a use of a volume.</summary>
    /// <returns>Where it is mounted.</returns>
    public Task<string> MountAsync(string name, string id, string? engine) =>
        _mounts.MountAsync(ObjectName.Check("volume", name), id, engine);

    /// <summary>Ends a use of a volume.</summary>
    public Task UnmountAsync(string name, string id, string? engine) => _mounts.UnmountAsync(ObjectName.Check("volume", name), id, engine);

    /// <summary>Tells where a volume is mounted; empty if it is not.</summary>
    public string PathOf(string name) => _mounts.MountpointOf(ObjectName.Check("volume", name));

    /// <summary>Finds a volume; <see langword="null"/> only if the cluster itself says that there is none.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unreachable"/>: nothing is known of it and the cluster cannot be
    /// asked.</exception>
    public async Task<PluginVolume?> FindAsync(string name)
    {
        if (!ObjectName.IsValid(name))
        {
            // dockerd asks every driver for any name; none of ours has this one.
            return null;
        }

        var known = _cache.Find(name);
        if (known is not null && _reach.IsDown)
        {
            return Show(known, []);
        }

        try
        {
            var found = await _reach.WatchAsync(() => _cluster.WithinAsync(
                known is null ? UnknownLimit : KnownLimit,
                (cluster, cancellationToken) => cluster.FindVolumeAsync(name, cancellationToken)));
            if (found is null)
            {
                _cache.Remove(name);
                return null;
            }

            _cache.Put(found);
            return Show(found, await ListSnapshotsAsync(found));
        }
        catch (ClusterException) when (known is not null)
        {
            return Show(known, []);
        }
        catch (ClusterException exception)
        {
            // Whatever the error is, it is not the cluster's word that the volume is not there.
            throw new ClusterException(ErrorCode.Unreachable, exception.Message, exception);
        }
    }

    /// <summary>Lists all volumes: the cluster's listing, or the last one known if the cluster cannot be asked now.</summary>
    public async Task<IReadOnlyList<PluginVolume>> ListAsync()
    {
        if (!_reach.IsDown)
        {
            try
            {
                var before = _cache.All.Select(volume => volume.Name).ToList();
                var volumes = await _reach.WatchAsync(() => _cluster.WithinAsync(UnknownLimit, ListAllAsync));
                _cache.Replace(volumes, before);
            }
            catch (ClusterException)
            {
                // The last listing stands.
            }
        }

        return [.. _cache.All.Select(volume => new PluginVolume { Name = volume.Name, Mountpoint = _mounts.MountpointOf(
            volume.Name), CreatedAt = volume.CreatedAt })];
    }

    private static async Task<IReadOnlyCollection<Volume>> ListAllAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        var volumes = new List<Volume>();
        var query = new VolumeQuery();
        while (true)
        {
            var page = await cluster.ListVolumesAsync(query, cancellationToken);
            volumes.AddRange(page.Items);
            if (page.NextPageToken is null)
            {
                return volumes;
            }

            query = query with { PageToken = page.NextPageToken };
        }
    }

    // The names are an extra: without them the volume is shown all the same.
    private async Task<IReadOnlyList<Snapshot>> ListSnapshotsAsync(Volume volume)
    {
        if (volume.SnapshotCount == 0)
        {
            return [];
        }

        try
        {
            return await _cluster.WithinAsync(SnapshotLimit, async (cluster, cancellationToken) =>
            {
                var snapshots = new List<Snapshot>();
                var query = new SnapshotQuery { Volume = volume.Name };
                while (true)
                {
                    var page = await cluster.ListSnapshotsAsync(query, cancellationToken);
                    snapshots.AddRange(page.Items);
                    if (page.NextPageToken is null)
                    {
                        return snapshots;
                    }

                    query = query with { PageToken = page.NextPageToken };
                }
            });
        }
        catch (ClusterException)
        {
            return [];
        }
    }

    private PluginVolume Show(Volume volume, IReadOnlyCollection<Snapshot> snapshots) => new()
    {
        Name = volume.Name,
        Mountpoint = _mounts.MountpointOf(volume.Name),
        CreatedAt = volume.CreatedAt,
        Status = VolumeStatus.Describe(volume, snapshots, _mounts.Progress.StepOf(volume.Name), _mounts.Progress.LastErrorOf(volume.Name)),
    };
}
