namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over exports.</summary>
internal static class ExportTable
{
    public static List<string> ListExports(this CatalogConnection catalog, string volumeId) => catalog.Query(
        "SELECT t.name FROM exports e JOIN targets t ON t.id = e.target_id WHERE e.volume_id = $1 ORDER BY t.id",
        reader => reader.GetString(0),
        volumeId);

    public static List<Export> ListAllExports(this CatalogConnection catalog) => catalog.Query(
        """
        SELECT v.name, t.name FROM exports e CROSS JOIN volumes v ON v.id = e.volume_id CROSS JOIN targets t ON t.id = e.target_id
        WHERE v.state = 0 ORDER BY v.name, t.id
        """,
        reader => new Export { Volume = reader.GetString(0), Target = reader.GetString(1) });

    public static void PutExport(this CatalogConnection catalog, string volumeId, long targetId) =>
        catalog.Execute("INSERT OR IGNORE INTO exports VALUES ($1, $2)", volumeId, targetId);

    public static void RemoveExport(this CatalogConnection catalog, string volumeId, long targetId) =>
        catalog.Execute("DELETE FROM exports WHERE volume_id = $1 AND target_id = $2", volumeId, targetId);
}
