using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>What a Ceph cluster had when it was asked: places, rules and pools.</summary>
/// <param name="Topology">Its places and rules.</param>
/// <param name="Pools">Its pools by name.</param>
internal sealed record CephMap(CrushTopology Topology, IReadOnlyDictionary<string, CephPool> Pools)
{
    private readonly ConcurrentDictionary<string, Placement?> _placements = new(StringComparer.Ordinal);

    /// <summary>Asks for it.</summary>
    /// <exception cref="CephException">Ceph does not answer.</exception>
    /// <exception cref="ClusterException">Nothing can be placed in it.</exception>
    public static CephMap Read(ICephMonitor monitor)
    {
        // Pools first: a pool's rule is there longer than the pool.
        using var pools = monitor.Ask("osd dump");
        using var crush = monitor.Ask("osd crush dump");
        return new(CrushTopology.Read(crush.RootElement), CephPool.ReadAll(pools.RootElement));
    }

    /// <summary>Reads from a pool itself what it gives, or <see langword="null"/> if that has no words here.</summary>
    public Placement? PlacementOf(CephPool pool) => _placements.GetOrAdd(pool.Name, _ => ReadPlacement(pool));

    private Placement? ReadPlacement(CephPool pool) =>
        pool.IsReplicated && Topology.NameOfRule(pool.Rule) is { } rule && Topology.FindRule(rule) is { } takes
            ? Placement.Of(pool.Copies, takes, pool.Compresses, Topology)
            : null;
}
