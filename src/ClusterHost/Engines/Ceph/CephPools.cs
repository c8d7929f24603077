namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// The pools of a cluster in Ceph: one for each placement and kind of volume, made when the first volume needs it. What is not this
/// cluster's is never changed, and no pool is once it has data. Methods block, and may be called by several threads.
/// </summary>
/// <param name="monitor">Who is asked.</param>
/// <param name="prefix">What the names of all pools and rules of this cluster begin with.</param>
/// <param name="cluster">This cluster's identity, which is noted in each of its pools.</param>
/// <param name="fileSystem">The CephFS that has the files, or <see langword="null"/> for the only one.</param>
internal sealed class CephPools(ICephMonitor monitor, string prefix, string cluster, string? fileSystem = null) : IPlacements
{
    private readonly Lock _making = new();
    private readonly PoolMaker _maker = new(monitor, prefix, cluster, fileSystem);
    private volatile CephMap? _map;

    public IReadOnlyCollection<string> Pools =>
        [.. Ours().Where(pool => pool.Applications.ContainsKey(CephPool.Images)).Select(pool => pool.Name)];

    public IReadOnlyCollection<string> FilePools =>
        [.. Ours().Where(pool => pool.Applications.ContainsKey(CephPool.Files)).Select(pool => pool.Name)];

    public IReadOnlyList<string> Problems => [.. Ours().Select(FindProblem).OfType<string>()];

    public int DefaultCopies => _map is { } map
        ? new PlacementSpread(map.Topology, FailureDomain.Host, deviceClass: null, []).DefaultCopies
        : PlacementSpread.UsualCopies;

    public void Refresh() => _map = CephMap.Read(monitor);

    public void Check(VolumeAttributes requested) => _ = Place(requested);

    public string? Find(VolumeAttributes requested, VolumeType type) =>
        _map is { } map && TryPlace(requested, map) is { } placement
            && Known(placement.PoolName(prefix, type)) is { } pool && FindDifference(pool, placement) is null
                ? pool.Name
                : null;

    public string Require(VolumeAttributes requested, VolumeType type)
    {
        var placement = Place(requested);
        var name = placement.PoolName(prefix, type);
        lock (_making)
        {
            if (Known(name) is null)
            {
                Refresh();
            }

            if (Known(name) is null)
            {
                // What was remembered may be out of date; what is made rests on what is there.
                placement = Placement.From(requested, _map!.Topology);
                name = placement.PoolName(prefix, type);
                _maker.Make(placement, type, _map);
                Refresh();
            }
        }

        var pool = Known(name) ?? throw new ClusterException(
            ErrorCode.Unreachable, $"The pool '{name}' was made and is not there: somebody else has removed it. Try again.");
        return FindDifference(pool, placement) is { } difference
            ? throw new ClusterException(ErrorCode.Refused, difference)
            : name;
    }

    public string? NameFor(VolumeAttributes requested, VolumeType type) =>
        _map is { } map && TryPlace(requested, map) is { } placement ? placement.PoolName(prefix, type) : null;

    public VolumeAttributes EffectiveOf(string pool) => _map is { } map && map.Pools.TryGetValue(pool, out var found)
        ? map.PlacementOf(found)?.Attributes ?? new VolumeAttributes
        {
            ReplicationFactor = found.IsReplicated ? found.Copies : null,
            Compression = found.Compresses,
            CacheEnabled = false,
            Deduplication = false,
        }
        : VolumeAttributes.None;

    public VolumeAttributes Effective(VolumeAttributes requested) => AskedFor.Of(
        requested, _map is { } map && TryPlace(requested, map) is { } placement ? placement.Attributes : VolumeAttributes.None);

    private static Placement? TryPlace(VolumeAttributes requested, CephMap map)
    {
        try
        {
            return Placement.From(requested, map.Topology);
        }
        catch (ClusterException)
        {
            return null;
        }
    }

    private Placement Place(VolumeAttributes requested)
    {
        if (_map is { } map && TryPlace(requested, map) is { } placement)
        {
            return placement;
        }

        // What is missing may have been added since.
        Refresh();
        return Placement.From(requested, _map!.Topology);
    }

    private IEnumerable<CephPool> Ours() =>
        _map is { } map ? map.Pools.Values.Where(IsOurs).OrderBy(pool => pool.Name, StringComparer.Ordinal) : [];

    private CephPool? Known(string name) => _map is { } map && map.Pools.TryGetValue(name, out var pool) && IsOurs(pool) ? pool : null;

    private bool IsOurs(CephPool pool) =>
        pool.Note(CephPool.Images, PoolMaker.Owner) == cluster || pool.Note(CephPool.Files, PoolMaker.Owner) == cluster;

    // A pool's name says what it was made to give, whatever prefix this cluster had then.
    private string? FindProblem(CephPool pool)
    {
        var type = pool.Applications.ContainsKey(CephPool.Files) ? VolumeType.File : VolumeType.Block;
        var given = _map!.PlacementOf(pool);
        if (given is not null && pool.Name.EndsWith(given.PoolName(string.Empty, type), StringComparison.Ordinal))
        {
            return null;
        }

        return $"The pool '{pool.Name}' or its CRUSH rule was changed: its volumes have {EffectiveOf(pool.Name)}, and its name says "
            + "otherwise. Volumes are in it, so it is not set right by itself.";
    }

    private string? FindDifference(CephPool pool, Placement placement)
    {
        var given = _map!.PlacementOf(pool);
        if (placement.Equals(given))
        {
            return null;
        }

        return $"The pool '{pool.Name}' for this was changed: it gives {EffectiveOf(pool.Name)} in place of {placement.Attributes}. "
            + $"Volumes are in it, so it is not set right by itself: see 'ceph osd pool get {pool.Name} all'.";
    }
}
