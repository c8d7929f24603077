using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over snapshots.</summary>
internal static class SnapshotTable
{
    private const string Columns = """
        SELECT s.id, s.volume_id, s.state, v.name, s.name, s.external_id, s.size, s.allocated, s.created_at, s.frequency, s.labels, s.seal
        FROM snapshots s JOIN volumes v ON v.id = s.volume_id

        """;

    public static SnapshotRow? FindSnapshot(this CatalogConnection catalog, string volumeId, string name) =>
        catalog.First(Columns + "WHERE s.volume_id = $1 AND s.name = $2 AND s.state <> 2 AND s.state = 0", Map, volumeId, name);

    public static bool IsSnapshotNameTaken(this CatalogConnection catalog, string volumeId, string name) =>
        catalog.Scalar<long>("SELECT count(*) FROM snapshots WHERE volume_id = $1 AND name = $2 AND state <> 2", volumeId, name) > 0;

    public static SnapshotRow? FindSnapshotByExternalId(this CatalogConnection catalog, string externalId) =>
        catalog.First(Columns + "WHERE s.external_id = $1 AND s.external_id IS NOT NULL AND s.state <> 2 AND s.state = 0", Map, externalId);

    public static List<SnapshotRow> ListSnapshotsOf(this CatalogConnection catalog, string volumeId) =>
        catalog.Query(Columns + "WHERE s.volume_id = $1", Map, volumeId);

    /// <summary>The snapshots of a volume that were begun. The condition that is said twice lets the index be used.</summary>
    public static List<SnapshotRow> ListBegunSnapshots(this CatalogConnection catalog, string volumeId) =>
        catalog.Query(Columns + "WHERE s.volume_id = $1 AND s.state <> 2 AND s.state = 1", Map, volumeId);

    public static List<SnapshotRow> ListUnfinishedSnapshots(this CatalogConnection catalog) =>
        catalog.Query(Columns + "WHERE s.state <> 0", Map);

    public static List<(string Id, string VolumeId)> ListReadySnapshots(this CatalogConnection catalog) =>
        catalog.Query("SELECT id, volume_id FROM snapshots WHERE state = 0", reader => (reader.GetString(0), reader.GetString(1)));

    public static List<SnapshotRow> ListAllReadySnapshots(this CatalogConnection catalog) =>
        catalog.Query(Columns + "WHERE s.state = 0 AND v.state = 0", Map);

    /// <summary>
    /// The snapshots of all volumes, or of one, from a place on. Each of the two has a statement of its own: a condition that may be left
    /// out keeps SQLite from the index.
    /// </summary>
    public static List<SnapshotRow> ListSnapshots(
        this CatalogConnection catalog, string? volume, string afterVolume, string afterName, string? pattern, int limit) => volume is null
            ? catalog.Query(
                Columns + """
                WHERE s.state <> 2 AND s.state = 0 AND v.state <> 2 AND v.state = 0 AND (v.name, s.name) > ($1, $2)
                AND ($3 IS NULL OR s.name LIKE $3 ESCAPE '\') ORDER BY v.name, s.name LIMIT $4
                """,
                Map,
                afterVolume,
                afterName,
                pattern is null ? null : CatalogText.ToLike(pattern),
                limit)
            : catalog.Query(
                Columns + """
                WHERE s.state <> 2 AND s.state = 0 AND v.state <> 2 AND v.state = 0 AND v.name = $1
                    AND (v.name > $2 OR v.name = $2 AND s.name > $3)
                AND ($4 IS NULL OR s.name LIKE $4 ESCAPE '\') ORDER BY s.name LIMIT $5
                """,
                Map,
                volume,
                afterVolume,
                afterName,
                pattern is null ? null : CatalogText.ToLike(pattern),
                limit);

    public static void InsertSnapshot(this CatalogConnection catalog, SnapshotRow row) => catalog.Execute(
        """
        INSERT INTO snapshots (id, volume_id, name, external_id, state, size, allocated, created_at, frequency, labels)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        row.Id,
        row.VolumeId,
        row.Model.Name,
        row.Model.ExternalId,
        (long)row.State,
        row.Model.Size,
        row.Model.Allocated,
        row.Model.CreatedAt.UtcTicks,
        (long?)row.Model.Frequency,
        CatalogText.Write(row.Model.Labels));

    public static void EndSnapshot(this CatalogConnection catalog, string id, long allocated, string? seal) =>
        catalog.Execute("UPDATE snapshots SET state = 0, allocated = $2, seal = $3 WHERE id = $1", id, allocated, seal);

    public static void BeginSnapshotRemoval(this CatalogConnection catalog, string id) =>
        catalog.Execute("UPDATE snapshots SET state = 2 WHERE id = $1", id);

    public static void RemoveSnapshotRow(this CatalogConnection catalog, string id) =>
        catalog.Execute("DELETE FROM snapshots WHERE id = $1", id);

    private static SnapshotRow Map(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        (ObjectState)reader.GetInt32(2),
        new Snapshot
        {
            Volume = reader.GetString(3),
            Name = reader.GetString(4),
            ExternalId = reader.TextOrNull(5),
            Size = reader.GetInt64(6),
            Allocated = reader.GetInt64(7),
            CreatedAt = reader.Instant(8),
            Frequency = (SnapshotFrequency?)reader.IntOrNull(9),
            Labels = CatalogText.ReadLabels(reader.GetString(10)),
        })
    {
        Seal = reader.TextOrNull(11),
    };
}
