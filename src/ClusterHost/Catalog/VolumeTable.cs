using System.Text.Json;
using HedvigStorage.Protocol;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over volumes.</summary>
internal static class VolumeTable
{
    /// <summary>What version 7 of the catalog adds: what clones share with their sources, in all.</summary>
    public const string SharedTotal = """
        ALTER TABLE totals ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
        UPDATE totals SET shared = (SELECT ifnull(sum(v.shared), 0) FROM volumes v WHERE v.state <> 2);
        CREATE TRIGGER clone_added AFTER INSERT ON volumes WHEN NEW.shared <> 0 BEGIN
            UPDATE totals SET shared = shared + NEW.shared * (NEW.state <> 2); END;
        CREATE TRIGGER clone_changed AFTER UPDATE OF state, shared ON volumes WHEN OLD.shared <> 0 OR NEW.shared <> 0 BEGIN
            UPDATE totals SET shared = shared + NEW.shared * (NEW.state <> 2) - OLD.shared * (OLD.state <> 2); END;
        CREATE TRIGGER clone_removed AFTER DELETE ON volumes WHEN OLD.shared <> 0 BEGIN
            UPDATE totals SET shared = shared - OLD.shared * (OLD.state <> 2); END;

        """;

    private const string Columns = """
        SELECT v.id, v.name, v.state, v.type, v.size, v.pending_size, v.reverting_to, v.file_system, v.policy, v.attributes, p.attributes,
            v.uid, v.gid, v.mode, v.protected, v.description, v.created_at, v.source_id, v.source_volume, v.source_snapshot, v.shared,
            v.generation,
            (SELECT count(*) FROM snapshots s WHERE s.volume_id = v.id AND s.state = 0),
            a.host, a.boot_id, a.mode, a.generation, a.attached_at, a.renewed_at, a.expires_at, a.process, v.takeover, v.labels, a.host_id,
            v.seal
        FROM volumes v LEFT JOIN policies p ON p.name = v.policy LEFT JOIN attachments a ON a.volume_id = v.id

        """;

    public static VolumeRow? FindVolume(this CatalogConnection catalog, string name) =>
        catalog.First(Columns + "WHERE v.name = $1 AND v.state <> 2 AND v.state = 0", Map, name);

    public static List<VolumeRow> FindVolumes(this CatalogConnection catalog, IReadOnlyCollection<string> names)
    {
        if (names.Count > 1)
        {
            return catalog.ListVolumes(string.Empty, pattern: null, names, names.Count);
        }

        return names.Count == 1 && catalog.FindVolume(names.First()) is { } only ? [only] : [];
    }

    public static VolumeRow? FindVolumeById(this CatalogConnection catalog, string id) =>
        catalog.First(Columns + "WHERE v.id = $1", Map, id);

    public static List<VolumeRow> ListVolumes(
        this CatalogConnection catalog, string after, string? pattern, IReadOnlyCollection<string>? names, int limit) =>
        names is null
            ? catalog.Query(
                Columns
                    + "WHERE v.state <> 2 AND v.state = 0 AND v.name > $1 AND ($2 IS NULL OR v.name LIKE $2 ESCAPE '\\') ORDER BY v.name "
                    + "LIMIT $3",
                Map,
                after,
                pattern is null ? null : CatalogText.ToLike(pattern),
                limit)
            : catalog.Query(
                Columns + """
                WHERE v.state <> 2 AND v.state = 0 AND v.name > $1 AND ($2 IS NULL OR v.name LIKE $2 ESCAPE '\')
                AND v.name IN (SELECT value FROM json_each($4)) ORDER BY v.name LIMIT $3
                """,
                Map,
                after,
                pattern is null ? null : CatalogText.ToLike(pattern),
                limit,
                JsonSerializer.Serialize(names.ToList(), ProtocolJson.Default.ListString));

    /// <summary>The ids of the volumes of some names that were begun. The condition that is said twice lets the index be used.</summary>
    public static List<string> ListBegunVolumes(this CatalogConnection catalog, IReadOnlyCollection<string> names) => catalog.Query(
        "SELECT id FROM volumes WHERE name IN (SELECT value FROM json_each($1)) AND state <> 2 AND state = 1",
        reader => reader.GetString(0),
        JsonSerializer.Serialize(names.ToList(), ProtocolJson.Default.ListString));

    public static List<VolumeRow> ListUnfinishedVolumes(this CatalogConnection catalog) =>
        catalog.Query(Columns + "WHERE v.state <> 0 OR v.pending_size IS NOT NULL OR v.reverting_to IS NOT NULL", Map);

    /// <summary>The volumes that were made blank and that nobody has ever been given.</summary>
    public static List<(string Id, long Size)> ListUntouchedVolumes(this CatalogConnection catalog) => catalog.Query(
        "SELECT id, size FROM volumes WHERE state = 0 AND generation = 0 AND source_id IS NULL AND seal IS NULL AND pending_size IS NULL",
        reader => (reader.GetString(0), reader.GetInt64(1)));

    public static List<(string Id, string Name, long Size)> ListReadyVolumes(this CatalogConnection catalog) =>
        catalog.Query(
            "SELECT id, name, size FROM volumes WHERE state = 0", reader => (reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));

    public static void InsertVolume(this CatalogConnection catalog, VolumeRow row)
    {
        var model = row.Model;
        catalog.Execute(
            """
            INSERT INTO volumes (id, name, state, type, size, file_system, policy, attributes, uid, gid, mode, protected, description,
                created_at, source_id, source_volume, source_snapshot, shared, takeover, labels)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            """,
            row.Id,
            model.Name,
            (long)row.State,
            (long)model.Type,
            model.Size,
            (long)model.FileSystem,
            model.Policy,
            CatalogText.Write(row.Own),
            model.Uid,
            model.Gid,
            model.Mode,
            model.Protected ? 1L : 0L,
            model.Description,
            model.CreatedAt!.Value.UtcTicks,
            row.SourceId,
            model.SourceVolume,
            model.SourceSnapshot,
            row.Shared,
            (long)model.Takeover,
            CatalogText.Write(model.Labels));
    }

    /// <summary>The own attributes of the volumes that have a policy, each set of them once; none of those without any.</summary>
    public static List<VolumeAttributes> AttributesOfVolumesWith(this CatalogConnection catalog, string policy) => catalog.Query(
        "SELECT DISTINCT attributes FROM volumes WHERE policy = $1 AND state <> 2",
        reader => CatalogText.ReadAttributes(reader.GetString(0)),
        policy).FindAll(attributes => !attributes.IsEmpty);

    public static void SetVolumeState(this CatalogConnection catalog, string id, ObjectState state) =>
        catalog.Execute("UPDATE volumes SET state = $2 WHERE id = $1", id, (long)state);

    public static void BeginResize(this CatalogConnection catalog, string id, long size) =>
        catalog.Execute("UPDATE volumes SET pending_size = $2 WHERE id = $1", id, size);

    public static void EndResize(this CatalogConnection catalog, string id) =>
        catalog.Execute("UPDATE volumes SET size = max(size, ifnull(pending_size, 0)), pending_size = NULL WHERE id = $1", id);

    public static void TakeBackResize(this CatalogConnection catalog, string id) =>
        catalog.Execute("UPDATE volumes SET pending_size = NULL WHERE id = $1", id);

    public static void SetReverting(this CatalogConnection catalog, string id, string? snapshotId) =>
        catalog.Execute("UPDATE volumes SET reverting_to = $2 WHERE id = $1", id, snapshotId);

    /// <summary>Changes a volume; what is not attributes of its own is taken from the model.</summary>
    public static void ChangeVolume(
        this CatalogConnection catalog, string id, Volume model, VolumeAttributes own, DateTimeOffset now) => catalog.Execute(
        """
        UPDATE volumes SET policy_since = CASE WHEN policy IS $2 THEN policy_since ELSE $7 END,
            policy = $2, attributes = $3, description = $4, protected = $5, takeover = $6 WHERE id = $1
        """,
        id,
        model.Policy,
        CatalogText.Write(own),
        model.Description,
        model.Protected ? 1L : 0L,
        (long)model.Takeover,
        now.UtcTicks);

    public static void RemoveVolumeRow(this CatalogConnection catalog, string id)
    {
        catalog.Execute("DELETE FROM attachments WHERE volume_id = $1", id);
        catalog.Execute("DELETE FROM snapshots WHERE volume_id = $1", id);
        catalog.Execute("DELETE FROM schedules_done WHERE volume_id = $1", id);
        catalog.RemoveAccess(id);
        catalog.Execute("DELETE FROM volumes WHERE id = $1", id);
    }

    public static long Provisioned(this CatalogConnection catalog) => catalog.Scalar<long>("SELECT provisioned FROM totals");

    public static long VolumeCount(this CatalogConnection catalog) => catalog.Scalar<long>("SELECT volumes FROM totals");

    /// <summary>The bytes that clones shared with their sources when they were made.</summary>
    public static long SharedByClones(this CatalogConnection catalog) => catalog.Scalar<long>("SELECT shared FROM totals");

    private static VolumeRow Map(SqliteDataReader reader)
    {
        var own = CatalogText.ReadAttributes(reader.GetString(9));
        var name = reader.GetString(1);
        return new VolumeRow
        {
            Id = reader.GetString(0),
            State = (ObjectState)reader.GetInt32(2),
            PendingSize = reader.LongOrNull(5),
            RevertingTo = reader.TextOrNull(6),
            Own = own,
            SourceId = reader.TextOrNull(17),
            Shared = reader.GetInt64(20),
            Generation = reader.GetInt64(21),
            Seal = reader.TextOrNull(34),
            Model = new Volume
            {
                Name = name,
                Id = reader.GetString(0),
                Type = (VolumeType)reader.GetInt32(3),
                Size = reader.GetInt64(4),
                FileSystem = (VolumeFileSystem)reader.GetInt32(7),
                Policy = reader.TextOrNull(8),
                Requested = own.Over(CatalogText.ReadAttributes(reader.TextOrNull(10))),
                Uid = reader.IntOrNull(11),
                Gid = reader.IntOrNull(12),
                Mode = reader.IntOrNull(13),
                Protected = reader.GetInt64(14) != 0,
                Takeover = (TakeoverPolicy)reader.GetInt32(31),
                Description = reader.GetString(15),
                CreatedAt = reader.Instant(16),
                SourceVolume = reader.TextOrNull(18),
                SourceSnapshot = reader.TextOrNull(19),
                Labels = CatalogText.ReadLabels(reader.GetString(32)),
                SnapshotCount = reader.GetInt32(22),
                Attachment = reader.IsDBNull(23) ? null : AttachmentTable.Map(reader, name, 23, 33),
            },
        };
    }
}
