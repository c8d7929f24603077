namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The tables of targets, and of what volumes have on them; and the statements over all of it that a volume has.</summary>
internal static class AccessTables
{
    /// <summary>
    /// What version 2 of the catalog adds. Targets are numbered in the order in which they were configured: clients take the first that
    /// fits, so one that is added later must not come before it. Names of targets and hosts are those of the network, where letter case
    /// does not count.
    /// </summary>
    public const string Schema = """
        CREATE TABLE targets (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, protocol INTEGER NOT NULL) STRICT;
        CREATE TABLE target_hosts (
            target_id INTEGER NOT NULL REFERENCES targets (id), host TEXT NOT NULL COLLATE NOCASE,
            PRIMARY KEY (target_id, host)) STRICT, WITHOUT ROWID;
        CREATE TABLE luns (
            target_id INTEGER NOT NULL REFERENCES targets (id), number INTEGER NOT NULL, volume_id TEXT NOT NULL REFERENCES volumes (id),
            read_only INTEGER NOT NULL, PRIMARY KEY (target_id, number)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX luns_by_volume ON luns (volume_id, target_id);
        CREATE TABLE exports (
            volume_id TEXT NOT NULL REFERENCES volumes (id), target_id INTEGER NOT NULL REFERENCES targets (id),
            PRIMARY KEY (volume_id, target_id)) STRICT, WITHOUT ROWID;
        CREATE INDEX exports_by_target ON exports (target_id);
        CREATE TABLE access_rules (
            volume_id TEXT NOT NULL REFERENCES volumes (id), target_id INTEGER NOT NULL REFERENCES targets (id), address TEXT NOT NULL,
            type INTEGER NOT NULL, PRIMARY KEY (volume_id, target_id, address, type)) STRICT, WITHOUT ROWID;
        CREATE INDEX access_rules_by_target ON access_rules (target_id);
        CREATE TABLE initiators (
            host TEXT PRIMARY KEY COLLATE NOCASE, iqn TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>
    /// Where a volume can be reached: <c>target:lun</c> for its LUNs, the target for its exports. Clients compare the beginning with a
    /// target.
    /// </summary>
    public static List<string> ListLocations(this CatalogConnection catalog, string volumeId) => catalog.Query(
        """
        SELECT t.name || ':' || l.number, t.id FROM luns l JOIN targets t ON t.id = l.target_id WHERE l.volume_id = $1
        UNION ALL
        SELECT t.name, t.id FROM exports e JOIN targets t ON t.id = e.target_id WHERE e.volume_id = $1
        ORDER BY 2
        """,
        reader => reader.GetString(0),
        volumeId);

    /// <summary>How all volumes are reached, at one instant.</summary>
    public static AccessList ListAccess(this CatalogConnection catalog)
    {
        catalog.Execute("BEGIN");
        try
        {
            return new AccessList
            {
                Luns = catalog.ListAllLuns(),
                Exports = catalog.ListAllExports(),
                Rules = catalog.ListAllAccessRules(),
            };
        }
        finally
        {
            catalog.Execute("COMMIT");
        }
    }

    /// <summary>Removes all that a volume has on targets, with the volume itself.</summary>
    public static void RemoveAccess(this CatalogConnection catalog, string volumeId)
    {
        catalog.Execute("DELETE FROM luns WHERE volume_id = $1", volumeId);
        catalog.Execute("DELETE FROM exports WHERE volume_id = $1", volumeId);
        catalog.Execute("DELETE FROM access_rules WHERE volume_id = $1", volumeId);
    }
}
