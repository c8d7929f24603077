using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over audit events.</summary>
internal static class AuditTable
{
    /// <summary>What version 2 of the catalog adds.</summary>
    public const string Schema = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user TEXT NOT NULL, address TEXT NOT NULL, type TEXT NOT NULL,
            parameters TEXT NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL, request_id TEXT NOT NULL) STRICT;

        """;

    public static long LastAuditEvent(this CatalogConnection catalog) => catalog.Scalar<long>("SELECT ifnull(max(id), 0) FROM audit");

    public static void PutAuditEvent(this CatalogConnection catalog, AuditEvent row) => catalog.Execute(
        "INSERT OR REPLACE INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.Id,
        row.At.UtcTicks,
        row.UserName,
        row.Address,
        row.Type,
        row.Parameters,
        row.Outcome,
        row.Message,
        row.RequestId);

    public static void RemoveAuditEventsUpTo(this CatalogConnection catalog, long id) =>
        catalog.Execute("DELETE FROM audit WHERE id <= $1", id);

    /// <summary>The latest events before an id.</summary>
    public static List<AuditEvent> ListAuditEvents(
        this CatalogConnection catalog, long before, string? userName, string? type, DateTimeOffset? since, int limit) => catalog.Query(
        """
        SELECT id, at, user, address, type, parameters, outcome, message, request_id FROM audit
        WHERE id < $1 AND ($2 IS NULL OR user = $2) AND ($3 IS NULL OR type = $3) AND ($4 IS NULL OR at >= $4) ORDER BY id DESC LIMIT $5
        """,
        Map,
        before,
        userName,
        type,
        since?.UtcTicks,
        limit);

    private static AuditEvent Map(SqliteDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        At = reader.Instant(1),
        UserName = reader.GetString(2),
        Address = reader.GetString(3),
        Type = reader.GetString(4),
        Parameters = reader.GetString(5),
        Outcome = reader.GetString(6),
        Message = reader.GetString(7),
        RequestId = reader.GetString(8),
    };
}
