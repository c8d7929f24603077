using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>Changes the catalog of a host that does not run, as if hv-cluster had written it so.</summary>
internal static class CatalogFile
{
    public static void Change(string data, string sql, params object?[] values)
    {
        var path = Path.Combine(data, "catalog.db");
        using (var connection = new CatalogConnection(path, readOnly: false))
        {
            connection.Execute(sql, values);
        }

        // The next start takes them again.
        File.Delete(PageSums.PathOf(path));
    }
}
