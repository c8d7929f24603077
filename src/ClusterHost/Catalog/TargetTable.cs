using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>A target in the catalog.</summary>
internal sealed record TargetRow(long Id, Target Model);

/// <summary>The statements over targets.</summary>
internal static class TargetTable
{
    private const string Columns = """
        SELECT t.id, t.name, t.protocol, h.host FROM targets t LEFT JOIN target_hosts h ON h.target_id = t.id

        """;

    /// <summary>
    /// Finds a target by its name exactly: clients compare names letter by letter, so another spelling would be lost on them.
    /// </summary>
    public static TargetRow? FindTarget(this CatalogConnection catalog, string name) =>
        Gather(catalog.Query(Columns + "WHERE t.name = $1 AND t.name = $1 COLLATE BINARY ORDER BY t.id, h.host", Map, name))
            .FirstOrDefault();

    /// <summary>Finds a target by its name in any letter case.</summary>
    public static TargetRow? FindSimilarTarget(this CatalogConnection catalog, string name) =>
        Gather(catalog.Query(Columns + "WHERE t.name = $1 ORDER BY t.id, h.host", Map, name)).FirstOrDefault();

    /// <summary>Lists targets in the order in which they were configured.</summary>
    public static IEnumerable<TargetRow> ListTargets(this CatalogConnection catalog, string? computeHost) => Gather(computeHost is null
        ? catalog.Query(Columns + "ORDER BY t.id, h.host", Map)
        : catalog.Query(
            Columns + "WHERE EXISTS (SELECT 1 FROM target_hosts w WHERE w.target_id = t.id AND w.host = $1) ORDER BY t.id, h.host",
            Map,
            computeHost));

    public static void InsertTarget(this CatalogConnection catalog, Target target)
    {
        catalog.Execute("INSERT INTO targets (name, protocol) VALUES ($1, $2)", target.Name, (long)target.Protocol);
        catalog.SetComputeHosts(catalog.Scalar<long>("SELECT last_insert_rowid()"), target.ComputeHosts);
    }

    public static void SetComputeHosts(this CatalogConnection catalog, long targetId, IEnumerable<string> hosts)
    {
        catalog.Execute("DELETE FROM target_hosts WHERE target_id = $1", targetId);
        foreach (var host in hosts)
        {
            catalog.Execute("INSERT OR IGNORE INTO target_hosts VALUES ($1, $2)", targetId, host);
        }
    }

    /// <summary>Some volumes that have a LUN or an export on a target.</summary>
    public static List<string> VolumesOfTarget(this CatalogConnection catalog, long targetId, int limit) => catalog.Query(
        """
        SELECT name FROM volumes
        WHERE id IN (SELECT volume_id FROM luns WHERE target_id = $1 UNION ALL SELECT volume_id FROM exports WHERE target_id = $1 LIMIT $2)
        ORDER BY name
        """,
        reader => reader.GetString(0),
        targetId,
        limit);

    /// <summary>Removes a target that has neither LUNs nor exports, and the access rules for it.</summary>
    public static void RemoveTarget(this CatalogConnection catalog, long targetId)
    {
        catalog.Execute("DELETE FROM access_rules WHERE target_id = $1", targetId);
        catalog.Execute("DELETE FROM target_hosts WHERE target_id = $1", targetId);
        catalog.Execute("DELETE FROM targets WHERE id = $1", targetId);
    }

    private static (long Id, string Name, TargetProtocol Protocol, string? Host) Map(SqliteDataReader reader) =>
        (reader.GetInt64(0), reader.GetString(1), (TargetProtocol)reader.GetInt32(2), reader.TextOrNull(3));

    private static IEnumerable<TargetRow> Gather(List<(long Id, string Name, TargetProtocol Protocol, string? Host)> rows) => rows
        .GroupBy(row => row.Id)
        .Select(target => new TargetRow(target.Key, new Target
        {
            Name = target.First().Name,
            Protocol = target.First().Protocol,
            ComputeHosts = target.Select(row => row.Host).OfType<string>().ToArray(),
        }));
}
