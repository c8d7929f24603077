using HedvigStorage.ClusterHost.Common;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over users and their sessions.</summary>
internal static class UserTable
{
    /// <summary>What version 2 of the catalog adds. The only user of version 1 is the owner.</summary>
    public const string Schema = """
        ALTER TABLE users ADD COLUMN role INTEGER NOT NULL DEFAULT 2;
        ALTER TABLE users ADD COLUMN owner INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
        ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
        ALTER TABLE users ADD COLUMN mobile TEXT NOT NULL DEFAULT '';
        ALTER TABLE users ADD COLUMN created_at INTEGER;
        CREATE TABLE sessions (key BLOB PRIMARY KEY, user TEXT NOT NULL, last_use INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        """;

    private const string Columns = "SELECT name, salt, hash, iterations, role, owner, display_name, email, mobile, created_at FROM users ";

    public static UserRow? FindUser(this CatalogConnection catalog, string name) => catalog.First(Columns + "WHERE name = $1", Map, name);

    public static List<UserRow> ListUsers(this CatalogConnection catalog) => catalog.Query(Columns + "ORDER BY name", Map);

    public static void PutUser(this CatalogConnection catalog, UserRow row) => catalog.Execute(
        """
        INSERT OR REPLACE INTO users (name, salt, hash, iterations, role, owner, display_name, email, mobile, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        row.Model.UserName,
        row.Password.Salt,
        row.Password.Hash,
        (long)row.Password.Iterations,
        (long)row.Model.Role,
        row.Model.Owner ? 1L : 0L,
        row.Model.DisplayName,
        row.Model.Email,
        row.Model.Mobile,
        row.Model.CreatedAt?.UtcTicks);

    public static void RemoveUser(this CatalogConnection catalog, string name) =>
        catalog.Execute("DELETE FROM users WHERE name = $1", name);

    public static void RemoveOwners(this CatalogConnection catalog) => catalog.Execute("DELETE FROM users WHERE owner = 1");

    public static long CountSessions(this CatalogConnection catalog) => catalog.Scalar<long>("SELECT count(*) FROM sessions");

    /// <summary>Takes out the sessions that an earlier process has left.</summary>
    public static List<SessionRow> TakeSessions(this CatalogConnection catalog)
    {
        var rows = catalog.Query(
            "SELECT s.key, s.user, u.role, s.last_use FROM sessions s JOIN users u ON u.name = s.user",
            reader => new SessionRow((byte[])reader.GetValue(0), reader.GetString(1), (UserRole)reader.GetInt32(2), reader.Instant(3)));
        catalog.Execute("DELETE FROM sessions");
        return rows;
    }

    public static void PutSessions(this CatalogConnection catalog, IEnumerable<SessionRow> rows)
    {
        foreach (var row in rows)
        {
            catalog.Execute("INSERT OR REPLACE INTO sessions VALUES ($1, $2, $3)", row.Key, row.UserName, row.LastUse.UtcTicks);
        }
    }

    private static UserRow Map(SqliteDataReader reader) => new(
        new ClusterUser
        {
            UserName = reader.GetString(0),
            Role = (UserRole)reader.GetInt32(4),
            Owner = reader.GetInt64(5) != 0,
            DisplayName = reader.GetString(6),
            Email = reader.GetString(7),
            Mobile = reader.GetString(8),
            CreatedAt = reader.IsDBNull(9) ? null : reader.Instant(9),
        },
        new PasswordHash((byte[])reader.GetValue(1), (byte[])reader.GetValue(2), reader.GetInt32(3)));
}

/// <summary>A user in the catalog.</summary>
internal sealed record UserRow(ClusterUser Model, PasswordHash Password);

/// <summary>A session as it outlives the process: its id is not kept, only what recognises it.</summary>
internal sealed record SessionRow(byte[] Key, string UserName, UserRole Role, DateTimeOffset LastUse);
