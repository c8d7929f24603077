using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The statements over policies.</summary>
internal static class PolicyTable
{
    /// <summary>
    /// What version 7 of the catalog adds. How many volumes have a policy is kept by triggers, as <c>totals</c> is: who makes a policy's
    /// ten thousandth volume does not count the others.
    /// </summary>
    public const string Counts = """
        ALTER TABLE policies ADD COLUMN volume_count INTEGER NOT NULL DEFAULT 0;
        UPDATE policies SET volume_count = (SELECT count(*) FROM volumes v WHERE v.policy = policies.name AND v.state = 0);
        CREATE TRIGGER policy_volume_added AFTER INSERT ON volumes WHEN NEW.policy IS NOT NULL AND NEW.state = 0 BEGIN
            UPDATE policies SET volume_count = volume_count + 1 WHERE name = NEW.policy; END;
        CREATE TRIGGER policy_volume_changed AFTER UPDATE OF policy, state ON volumes BEGIN
            UPDATE policies SET volume_count = volume_count - 1 WHERE name = OLD.policy AND OLD.state = 0;
            UPDATE policies SET volume_count = volume_count + 1 WHERE name = NEW.policy AND NEW.state = 0; END;
        CREATE TRIGGER policy_volume_removed AFTER DELETE ON volumes WHEN OLD.policy IS NOT NULL AND OLD.state = 0 BEGIN
            UPDATE policies SET volume_count = volume_count - 1 WHERE name = OLD.policy; END;

        """;

    private const string Columns = """
        SELECT p.name, p.description, p.attributes, p.volume_count,
            (SELECT kept FROM policy_schedules c WHERE c.policy = p.name AND c.frequency = 0),
            (SELECT kept FROM policy_schedules c WHERE c.policy = p.name AND c.frequency = 1),
            (SELECT kept FROM policy_schedules c WHERE c.policy = p.name AND c.frequency = 2), p.labels FROM policies p

        """;

    public static Policy? FindPolicy(this CatalogConnection catalog, string name) =>
        catalog.First(Columns + "WHERE p.name = $1", Map, name);

    public static bool HasPolicy(this CatalogConnection catalog, string name) =>
        catalog.Scalar<long>("SELECT count(*) FROM policies WHERE name = $1", name) > 0;

    public static List<Policy> ListPolicies(this CatalogConnection catalog) => catalog.Query(Columns + "ORDER BY p.name", Map);

    public static void PutPolicy(this CatalogConnection catalog, Policy policy, DateTimeOffset now)
    {
        catalog.Execute(
            """
            INSERT INTO policies (name, description, attributes, labels) VALUES ($1, $2, $3, $4)
            ON CONFLICT (name) DO UPDATE SET description = excluded.description, attributes = excluded.attributes
            """,
            policy.Name,
            policy.Description,
            CatalogText.Write(policy.Requested),
            CatalogText.Write(policy.Labels));
        catalog.PutSchedule(policy.Name, policy.SnapshotSchedule, now);
    }

    /// <summary>The first volumes that have a policy, those being made included.</summary>
    public static List<string> VolumesOfPolicy(this CatalogConnection catalog, string policy, int limit) => catalog.Query(
        "SELECT name FROM volumes WHERE policy = $1 AND policy IS NOT NULL AND state <> 2 ORDER BY name LIMIT $2",
        reader => reader.GetString(0),
        policy,
        limit);

    public static void RemovePolicy(this CatalogConnection catalog, string name)
    {
        // Volumes that are being removed must not hold the policy back.
        catalog.Execute("UPDATE volumes SET policy = NULL WHERE policy = $1 AND state = 2", name);
        catalog.RemoveSchedule(name);
        catalog.Execute("DELETE FROM policies WHERE name = $1", name);
    }

    private static Policy Map(SqliteDataReader reader) => new()
    {
        Name = reader.GetString(0),
        Description = reader.GetString(1),
        Requested = CatalogText.ReadAttributes(reader.GetString(2)),
        VolumeCount = reader.GetInt32(3),
        SnapshotSchedule = new SnapshotSchedule
        {
            Hourly = reader.IntOrNull(4) ?? 0,
            Daily = reader.IntOrNull(5) ?? 0,
            Weekly = reader.IntOrNull(6) ?? 0,
        },
        Labels = CatalogText.ReadLabels(reader.GetString(7)),
    };
}
