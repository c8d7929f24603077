namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over users.</summary>
internal static class UserTable
{
    /// <summary>What version 2 of the catalog adds.</summary>
    public const string Schema = """
        ALTER TABLE users ADD COLUMN role INTEGER NOT NULL DEFAULT 2;
        """;
}
