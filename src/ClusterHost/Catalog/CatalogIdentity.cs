using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over who the catalog is, and over what is held against the files of volumes and snapshots.</summary>
internal static class CatalogIdentity
{
    /// <summary>
    /// What version 6 of the catalog adds. <c>cluster</c> is the identity that the folder's marker and the images have too; <c>commits</c>
    /// counts the transactions, in a row that most of them change anyway, so that a catalog that has lost some of them is known by its
    /// marker. <c>seal</c> is what the engine remembers of an image that nobody writes.
    /// </summary>
    public const string Schema = """
        ALTER TABLE totals ADD COLUMN cluster TEXT;
        ALTER TABLE totals ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE volumes ADD COLUMN seal TEXT;
        ALTER TABLE snapshots ADD COLUMN seal TEXT;
        """;

    public static string? ReadCluster(this CatalogConnection catalog) =>
        catalog.First("SELECT cluster FROM totals WHERE cluster IS NOT NULL", ReadText);

    public static long ReadCommits(this CatalogConnection catalog) => catalog.Scalar<long>("SELECT commits FROM totals");

    public static void PutCluster(this CatalogConnection catalog, string cluster) =>
        catalog.Execute("UPDATE totals SET cluster = $1", cluster);

    public static void PutCommits(this CatalogConnection catalog, long commits) =>
        catalog.Execute("UPDATE totals SET commits = $1", commits);

    public static void PutVolumeSeal(this CatalogConnection catalog, string id, string? seal) =>
        catalog.Execute("UPDATE volumes SET seal = $2 WHERE id = $1 AND seal IS NOT $2", id, seal);

    private static string ReadText(SqliteDataReader reader) => reader.GetString(0);
}
