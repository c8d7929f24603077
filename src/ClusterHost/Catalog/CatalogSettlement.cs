namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// Takes out of a catalog what was under way when it was written. A start ends what was begun: in a catalog that is older than what is
/// stored, that would remove or put back what has become whole since.
/// </summary>
internal static class CatalogSettlement
{
    // A reserved id may be a volume's by now. An image that has grown is as large as is asked of it.
    private const string Statements = """
        DELETE FROM reserved;
        DELETE FROM snapshots WHERE state = 1;
        DELETE FROM volumes WHERE state = 1;
        UPDATE volumes SET pending_size = NULL, reverting_to = NULL WHERE pending_size IS NOT NULL OR reverting_to IS NOT NULL;
        """;

    /// <summary>Lists the volumes that are being put back to a snapshot. What is half done is neither old nor new.</summary>
    public static List<string> ListReverting(CatalogConnection catalog) =>
        catalog.Query("SELECT name FROM volumes WHERE state = 0 AND reverting_to IS NOT NULL", reader => reader.GetString(0));

    /// <summary>Settles a catalog that may be older than what is stored, in one transaction.</summary>
    /// <returns>What its operator has to look at, a sentence each.</returns>
    public static IReadOnlyList<string> Run(CatalogConnection catalog)
    {
        var reverting = ListReverting(catalog);
        catalog.Execute("BEGIN IMMEDIATE");
        catalog.ExecuteScript(Statements);
        catalog.Execute("COMMIT");
        return reverting.ConvertAll(
            name => $"The volume '{name}' was being put back to a snapshot when this catalog was written. Look whether it is whole.");
    }
}
