using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over attachments.</summary>
internal static class AttachmentTable
{
    /// <summary>What the ids of hosts need.</summary>
    public const string HostIds = "ALTER TABLE attachments ADD COLUMN host_id TEXT;";

    /// <summary>What version 7 of the catalog adds: a plugin host asks for its own leases, however many others have.</summary>
    public const string HostIndex = "CREATE INDEX attachments_by_host ON attachments (host);";

    private const string Columns = """
        SELECT v.name, a.host, a.boot_id, a.mode, a.generation, a.attached_at, a.renewed_at, a.expires_at, a.process, a.host_id
        FROM attachments a CROSS JOIN volumes v ON v.id = a.volume_id WHERE v.state = 0

        """;

    public static void PutAttachment(this CatalogConnection catalog, string volumeId, Attachment lease)
    {
        catalog.Execute(
            """
            INSERT OR REPLACE INTO attachments (volume_id, host, boot_id, mode, generation, attached_at, renewed_at, expires_at, process,
                host_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            volumeId,
            lease.Host,
            lease.BootId,
            (long)lease.Mode,
            lease.Generation,
            lease.AttachedAt.UtcTicks,
            lease.RenewedAt.UtcTicks,
            lease.ExpiresAt.UtcTicks,
            lease.Process,
            lease.HostId);
        catalog.Execute("UPDATE volumes SET generation = $2 WHERE id = $1", volumeId, lease.Generation);
    }

    public static void RemoveAttachment(this CatalogConnection catalog, string volumeId) =>
        catalog.Execute("DELETE FROM attachments WHERE volume_id = $1", volumeId);

    /// <summary>Removes a lease so that its generation, and any that its holder may take for the next, is over.</summary>
    public static void FenceAttachment(this CatalogConnection catalog, string volumeId)
    {
        catalog.RemoveAttachment(volumeId);
        catalog.Execute("UPDATE volumes SET generation = generation + 1 WHERE id = $1", volumeId);
    }

    public static List<Attachment> ListAttachments(this CatalogConnection catalog, string? host) => host is null
        ? catalog.Query(Columns + "ORDER BY v.name", Map)
        : catalog.Query(Columns + "AND a.host = $1 ORDER BY v.name", Map, host);

    public static Attachment Map(SqliteDataReader reader, string volume, int column, int hostId) => new()
    {
        Volume = volume,
        Host = reader.GetString(column),
        BootId = reader.GetString(column + 1),
        Mode = (AccessMode)reader.GetInt32(column + 2),
        Generation = reader.GetInt64(column + 3),
        AttachedAt = reader.Instant(column + 4),
        RenewedAt = reader.Instant(column + 5),
        ExpiresAt = reader.Instant(column + 6),
        Process = reader.TextOrNull(column + 7),
        HostId = reader.TextOrNull(hostId),
    };

    private static Attachment Map(SqliteDataReader reader) => Map(reader, reader.GetString(0), 1, 9);
}
