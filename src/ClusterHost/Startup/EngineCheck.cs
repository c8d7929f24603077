using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Volumes;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>Holds a catalog that no host serves against what an engine elsewhere has stored. It changes nothing.</summary>
internal static class EngineCheck
{
    /// <summary>Tells what is wrong, a sentence each.</summary>
    /// <exception cref="StartException">The engine cannot be asked.</exception>
    public static async Task<List<string>> FindDamageAsync(DataDirectory directory, HostOptions options)
    {
        try
        {
            return await CompareAsync(directory, options);
        }
        catch (ClusterException error)
        {
            throw new StartException(error.Message, error);
        }
    }

    private static async Task<List<string>> CompareAsync(DataDirectory directory, HostOptions options)
    {
        using var catalog = new CatalogConnection(directory.CatalogFile, readOnly: true);
        var site = new EngineSite(
            directory.Path, new CopyLimits(options.FreezeLimit, options.SettleLimit), catalog.ReadCluster() ?? string.Empty);
        await using var engine = options.OpenEngine(site);
        var volumes = catalog.Query(
            "SELECT id, name, size FROM volumes WHERE state = 0",
            reader => (Id: reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        var snapshots = catalog.Query(
            "SELECT s.id, v.id, v.name || '@' || s.name, s.size FROM snapshots s JOIN volumes v ON v.id = s.volume_id "
                + "WHERE s.state = 0 AND v.state = 0",
            reader => (Id: reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        var problems = new List<string>();
        foreach (var (id, name, size) in volumes)
        {
            if (await engine.FindDamageAsync(id, size, seal: null) is { } reason)
            {
                problems.Add(new DamageRegister("volume").Describe(name, reason));
            }
        }

        foreach (var (id, volumeId, name, size) in snapshots)
        {
            if (await engine.FindSnapshotDamageAsync(volumeId, id, size, seal: null) is { } reason)
            {
                problems.Add(new DamageRegister("snapshot").Describe(name, reason));
            }
        }

        // What has begun and has not ended is the catalog's, too.
        var known = catalog.Query("SELECT id FROM volumes UNION SELECT id FROM reserved", reader => reader.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
        var inventory = await engine.TakeInventoryAsync(known, snapshots.ConvertAll(snapshot => snapshot.Id));
        if (inventory.Unknown.Count > 0)
        {
            problems.Add(StoredState.DescribeUnknown(inventory.Unknown));
        }

        return problems;
    }
}
