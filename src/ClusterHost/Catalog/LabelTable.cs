namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over labels, which are a column of their objects and so come and go with them.</summary>
internal static class LabelTable
{
    /// <summary>What version 4 of the catalog adds.</summary>
    public const string Schema = """
        ALTER TABLE policies ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE volumes ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE snapshots ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE access_rules ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';

        """;

    public static void SetPolicyLabels(this CatalogConnection catalog, string name, IReadOnlyDictionary<string, string> labels) =>
        catalog.Execute("UPDATE policies SET labels = $2 WHERE name = $1", name, CatalogText.Write(labels));

    public static void SetVolumeLabels(this CatalogConnection catalog, string id, IReadOnlyDictionary<string, string> labels) =>
        catalog.Execute("UPDATE volumes SET labels = $2 WHERE id = $1", id, CatalogText.Write(labels));

    public static void SetSnapshotLabels(this CatalogConnection catalog, string id, IReadOnlyDictionary<string, string> labels) =>
        catalog.Execute("UPDATE snapshots SET labels = $2 WHERE id = $1", id, CatalogText.Write(labels));

    public static void SetAccessRuleLabels(
        this CatalogConnection catalog,
        string volumeId,
        long targetId,
        AccessRule rule,
        IReadOnlyDictionary<string, string> labels) => catalog.Execute(
        "UPDATE access_rules SET labels = $5 WHERE volume_id = $1 AND target_id = $2 AND address = $3 AND type = $4",
        volumeId,
        targetId,
        rule.Address,
        (long)rule.Type,
        CatalogText.Write(labels));
}
