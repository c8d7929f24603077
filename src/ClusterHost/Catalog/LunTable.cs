using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>A LUN in the catalog.</summary>
internal sealed record LunRow(int Number, bool ReadOnly);

/// <summary>The statements over LUNs.</summary>
internal static class LunTable
{
    public static LunRow? FindLun(this CatalogConnection catalog, string volumeId, long targetId) =>
        catalog.First("SELECT number, read_only FROM luns WHERE volume_id = $1 AND target_id = $2", Map, volumeId, targetId);

    /// <summary>The lowest number, from a smallest one, that no LUN of a target has.</summary>
    public static long FindFreeLun(this CatalogConnection catalog, long targetId, long smallest) => catalog.Scalar<long>(
        """
        SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM luns WHERE target_id = $1 AND number = $2) THEN $2 ELSE (
            SELECT l.number + 1 FROM luns l WHERE l.target_id = $1 AND l.number >= $2
                AND NOT EXISTS (SELECT 1 FROM luns n WHERE n.target_id = $1 AND n.number = l.number + 1)
            ORDER BY l.number LIMIT 1) END
        """,
        targetId,
        smallest);

    public static List<Lun> ListAllLuns(this CatalogConnection catalog) => catalog.Query(
        """
        SELECT v.name, t.name, l.number, l.read_only FROM luns l
        CROSS JOIN volumes v ON v.id = l.volume_id CROSS JOIN targets t ON t.id = l.target_id
        WHERE v.state = 0 ORDER BY v.name, t.id
        """,
        reader =>
            new Lun
            {
                Volume = reader.GetString(0),
                Target = reader.GetString(1),
                Number = reader.GetInt32(2),
                ReadOnly = reader.GetInt64(3) != 0,
            });

    public static void InsertLun(this CatalogConnection catalog, string volumeId, long targetId, LunRow lun) =>
        catalog.Execute("INSERT INTO luns VALUES ($1, $2, $3, $4)", targetId, (long)lun.Number, volumeId, lun.ReadOnly ? 1L : 0L);

    public static bool RemoveLun(this CatalogConnection catalog, string volumeId, long targetId) =>
        catalog.Execute("DELETE FROM luns WHERE volume_id = $1 AND target_id = $2", volumeId, targetId) > 0;

    private static LunRow Map(SqliteDataReader reader) => new(reader.GetInt32(0), reader.GetInt64(1) != 0);
}
