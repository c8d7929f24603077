namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Makes pools. Methods block.</summary>
internal sealed class PoolMaker(ICephMonitor monitor, string prefix, string cluster, string? fileSystem)
{
    /// <summary>What this host notes in its pools: whose they are.</summary>
    public const string Owner = "hedvig";

    private readonly CrushRules _rules = new(monitor, prefix);

    /// <summary>Makes a placement's pool, or makes one whose making was cut short whole.</summary>
    /// <param name="placement">The placement.</param>
    /// <param name="type">What is in the pool.</param>
    /// <param name="map">What is there, as it was told just now.</param>
    /// <exception cref="ClusterException">There is such a pool, and it is not this cluster's; or Ceph refuses another pool.</exception>
    /// <exception cref="CephException">Ceph does not do it.</exception>
    public void Make(Placement placement, VolumeType type, CephMap map)
    {
        var name = placement.PoolName(prefix, type);
        var application = type == VolumeType.File ? CephPool.Files : CephPool.Images;
        if (map.Pools.TryGetValue(name, out var there))
        {
            Adopt(there, application, placement.RuleName(prefix), map);
        }

        // Before anything is made.
        var files = type == VolumeType.File ? FindFileSystem() : null;
        var rule = _rules.Require(placement, map.Topology);
        Create(name, rule, placement);

        // Ceph compresses as its OSDs are told where a pool says nothing, so each pool says what it does.
        Set(name, "compression_mode", placement.Compressed ? "aggressive" : "none");
        if (placement.Compressed)
        {
            Set(name, "compression_algorithm", "lz4");
        }

        if (files is null)
        {
            monitor.Run("osd pool application enable", ("pool", name), ("app", application));
        }
        else
        {
            monitor.Run("fs add_data_pool", ("fs_name", files), ("pool", name));
        }

        // Last: a pool with this note is whole.
        monitor.Run("osd pool application set", ("pool", name), ("app", application), ("key", Owner), ("value", cluster));
    }

    // A pool is made with its rule in one step and gets its note later. In between its rule tells whose it is.
    private static void Adopt(CephPool pool, string application, string rule, CephMap map)
    {
        if (pool.Note(application, Owner) is { } owner)
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"The pool '{pool.Name}' of this Ceph cluster belongs to the cluster {owner}. Start hv-cluster with another --ceph-pool.");
        }

        if (map.Topology.NameOfRule(pool.Rule) != rule || pool.Applications.Keys.Any(other => other != application))
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"This Ceph cluster has a pool '{pool.Name}' that hv-cluster has not made. Rename it ('ceph osd pool rename'), or start "
                    + "hv-cluster with another --ceph-pool.");
        }
    }

    private void Create(string name, string rule, Placement placement)
    {
        try
        {
            // Succeeds, and changes nothing, if the pool is there.
            monitor.Run(
                "osd pool create",
                ("pool", name),
                ("pool_type", "replicated"),
                ("rule", rule),
                ("size", placement.Copies),
                ("yes_i_really_mean_it", placement.Copies == 1 ? true : null));
        }
        catch (CephException full) when (full.Error == CephException.OutOfRange)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"Ceph has no room for the placement groups of the pool '{name}': {full.Reason}. Add OSDs, remove pools that nobody needs, "
                    + "or raise mon_max_pg_per_osd.",
                full);
        }
        catch (CephException single) when (placement.Copies == 1 && single.Error is CephException.Permission or CephException.Invalid)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"This Ceph cluster does not allow a pool with one copy: {single.Reason}. Ask for 2 copies, or set "
                    + "mon_allow_pool_size_one to true.",
                single);
        }
    }

    private void Set(string pool, string option, string value) =>
        monitor.Run("osd pool set", ("pool", pool), ("var", option), ("val", value));

    private string FindFileSystem()
    {
        using var answer = monitor.Ask("fs ls");
        string[] there = [.. answer.RootElement.EnumerateArray().Select(each => each.GetProperty("name").GetString()!)];
        if (fileSystem is not null)
        {
            return there.Contains(fileSystem, StringComparer.Ordinal) ? fileSystem : throw new ClusterException(
                ErrorCode.Refused,
                $"There is no CephFS '{fileSystem}': this Ceph cluster has {PlacementText.CountOf(there.Length, "file system")}"
                    + $"{PlacementText.List(there)}.");
        }

        return there switch
        {
            [var only] => only,
            [] => throw new ClusterException(
                ErrorCode.Refused,
                "Volumes of type File need a CephFS, and this Ceph cluster has none. Make one: 'ceph fs volume create NAME'."),
            _ => throw new ClusterException(
                ErrorCode.Refused,
                $"This Ceph cluster has {there.Length} file systems{PlacementText.List(there)}. Say which one has the volumes."),
        };
    }
}
