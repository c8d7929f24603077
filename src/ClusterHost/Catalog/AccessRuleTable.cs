namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over access rules.</summary>
internal static class AccessRuleTable
{
    public static List<AccessRule> ListAccessRules(this CatalogConnection catalog, string volumeId, string volume) => catalog.Query(
        """
        SELECT t.name, r.address, r.type, r.labels FROM access_rules r JOIN targets t ON t.id = r.target_id
        WHERE r.volume_id = $1 ORDER BY t.id, r.address, r.type
        """,
        reader => new AccessRule
        {
            Volume = volume,
            Target = reader.GetString(0),
            Address = reader.GetString(1),
            Type = (AccessRuleType)reader.GetInt32(2),
            Labels = CatalogText.ReadLabels(reader.GetString(3)),
        },
        volumeId);

    public static List<AccessRule> ListAllAccessRules(this CatalogConnection catalog) => catalog.Query(
        """
        SELECT v.name, t.name, r.address, r.type, r.labels FROM access_rules r
        CROSS JOIN volumes v ON v.id = r.volume_id CROSS JOIN targets t ON t.id = r.target_id
        WHERE v.state = 0 ORDER BY v.name, t.id, r.address, r.type
        """,
        reader => new AccessRule
        {
            Volume = reader.GetString(0),
            Target = reader.GetString(1),
            Address = reader.GetString(2),
            Type = (AccessRuleType)reader.GetInt32(3),
            Labels = CatalogText.ReadLabels(reader.GetString(4)),
        });

    public static void PutAccessRule(this CatalogConnection catalog, string volumeId, long targetId, AccessRuleType type, string address) =>
        catalog.Execute(
            "INSERT OR IGNORE INTO access_rules (volume_id, target_id, address, type) VALUES ($1, $2, $3, $4)",
            volumeId,
            targetId,
            address,
            (long)type);

    /// <summary>
    /// Removes the rules for an address, in any letter case: for hosts and initiators it is one address, and none must stay by a slip.
    /// </summary>
    public static void RemoveAccessRules(this CatalogConnection catalog, string volumeId, long targetId, string address) => catalog.Execute(
        "DELETE FROM access_rules WHERE volume_id = $1 AND target_id = $2 AND address = $3 COLLATE NOCASE",
        volumeId,
        targetId,
        address);
}
