using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over what the catalog's volumes are stored in, which never changes.</summary>
internal static class CatalogEngine
{
    /// <summary>
    /// What version 8 of the catalog adds. Before it there was one engine. An earlier version refuses such a catalog as newer than itself.
    /// </summary>
    public const string Schema = "ALTER TABLE totals ADD COLUMN engine TEXT NOT NULL DEFAULT 'embedded';";

    private const int Version = 8;

    /// <summary>Reads the engine, also of a catalog of an earlier version; <see langword="null"/> of one that is empty yet.</summary>
    public static string? FindEngine(this CatalogConnection catalog) => catalog.Scalar<long>("PRAGMA user_version") switch
    {
        0 => null,
        < Version => EngineNames.Embedded,
        _ => catalog.First("SELECT engine FROM totals", reader => reader.GetString(0)),
    };

    public static void PutEngine(this CatalogConnection catalog, string engine) =>
        catalog.Execute("UPDATE totals SET engine = $1", engine);

    /// <summary>Refuses to look for the volumes of one engine in another.</summary>
    /// <exception cref="StartException">The catalog's volumes are another engine's.</exception>
    public static void RefuseOtherEngine(this CatalogConnection catalog, string engine)
    {
        if (catalog.FindEngine() is { } own && own != engine)
        {
            throw new StartException(
                $"The volumes of this data directory are stored by the engine {own}, not by {engine}. Give --engine {own}, or another "
                    + "data directory.");
        }
    }
}
