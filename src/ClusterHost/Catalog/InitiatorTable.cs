using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over the initiators of hosts.</summary>
internal static class InitiatorTable
{
    public static HostInitiator? FindInitiator(this CatalogConnection catalog, string host) =>
        catalog.First("SELECT host, iqn FROM initiators WHERE host = $1", Map, host);

    public static List<HostInitiator> ListInitiators(this CatalogConnection catalog) =>
        catalog.Query("SELECT host, iqn FROM initiators ORDER BY host", Map);

    public static void InsertInitiator(this CatalogConnection catalog, HostInitiator initiator) =>
        catalog.Execute("INSERT INTO initiators VALUES ($1, $2)", initiator.Host, initiator.Iqn);

    /// <summary>Takes a host out; with a name, only if that is the host's.</summary>
    public static void RemoveInitiator(this CatalogConnection catalog, string host, string? iqn) =>
        catalog.Execute("DELETE FROM initiators WHERE host = $1 AND ($2 IS NULL OR iqn = $2 COLLATE NOCASE)", host, iqn);

    private static HostInitiator Map(SqliteDataReader reader) => new(reader.GetString(0), reader.GetString(1));
}
