using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>A volume that a schedule takes snapshots of.</summary>
/// <param name="VolumeId">Its id.</param>
/// <param name="Volume">Its name.</param>
/// <param name="Frequency">How often.</param>
/// <param name="Since">Since when it is so: nothing before that is ever due.</param>
/// <param name="Done">The last instant whose snapshot was taken.</param>
internal sealed record ScheduledVolume(
    string VolumeId, string Volume, SnapshotFrequency Frequency, DateTimeOffset Since, DateTimeOffset? Done);

/// <summary>The statements over snapshot schedules.</summary>
internal static class ScheduleTable
{
    /// <summary>
    /// What version 4 of the catalog adds. A policy has a row for each frequency that it keeps snapshots of, and <c>since</c> when; a
    /// volume has one for each whose snapshot was ever taken, with the last instant that it was taken for: a snapshot that somebody removes
    /// is not taken again.
    /// </summary>
    public const string Schema = """
        CREATE TABLE policy_schedules (
            policy TEXT NOT NULL REFERENCES policies (name), frequency INTEGER NOT NULL, kept INTEGER NOT NULL, since INTEGER NOT NULL,
            PRIMARY KEY (policy, frequency)) STRICT, WITHOUT ROWID;
        CREATE TABLE schedules_done (
            volume_id TEXT NOT NULL REFERENCES volumes (id), frequency INTEGER NOT NULL, due INTEGER NOT NULL,
            PRIMARY KEY (volume_id, frequency)) STRICT, WITHOUT ROWID;
        ALTER TABLE volumes ADD COLUMN policy_since INTEGER;
        ALTER TABLE snapshots ADD COLUMN frequency INTEGER;
        CREATE INDEX snapshots_scheduled ON snapshots (volume_id, frequency) WHERE frequency IS NOT NULL;
        """;

    private const string Columns = """
        SELECT v.id, v.name, c.frequency, max(ifnull(v.policy_since, v.created_at), c.since), d.due
        FROM policy_schedules c JOIN volumes v ON v.policy = c.policy AND v.policy IS NOT NULL
        LEFT JOIN schedules_done d ON d.volume_id = v.id AND d.frequency = c.frequency

        """;

    private const string Scheduled = """
        SELECT volume, name FROM (
            SELECT v.name AS volume, s.name AS name, s.rowid AS made, c.kept AS kept,
                row_number() OVER (PARTITION BY s.volume_id, s.frequency ORDER BY s.rowid DESC) AS place
            FROM snapshots s JOIN volumes v ON v.id = s.volume_id
                JOIN policy_schedules c ON c.policy = v.policy AND c.frequency = s.frequency
            WHERE s.frequency IS NOT NULL AND s.state = 0 AND v.state = 0
        """;

    private const string Surplus = " WHERE place > kept ORDER BY made";

    public static void PutSchedule(this CatalogConnection catalog, string policy, SnapshotSchedule schedule, DateTimeOffset now)
    {
        foreach (var frequency in Enum.GetValues<SnapshotFrequency>())
        {
            if (schedule.Count(frequency) is > 0 and var kept)
            {
                catalog.Execute(
                    "INSERT INTO policy_schedules VALUES ($1, $2, $3, $4) ON CONFLICT (policy, frequency) DO UPDATE SET kept = "
                        + "excluded.kept",
                    policy,
                    (long)frequency,
                    (long)kept,
                    now.UtcTicks);
            }
            else
            {
                catalog.Execute("DELETE FROM policy_schedules WHERE policy = $1 AND frequency = $2", policy, (long)frequency);
            }
        }
    }

    public static void RemoveSchedule(this CatalogConnection catalog, string policy) =>
        catalog.Execute("DELETE FROM policy_schedules WHERE policy = $1", policy);

    public static List<ScheduledVolume> ListScheduledVolumes(this CatalogConnection catalog) =>
        catalog.Query(Columns + "WHERE v.state = 0 ORDER BY v.name, c.frequency", Map);

    public static ScheduledVolume? FindScheduledVolume(this CatalogConnection catalog, string volumeId, SnapshotFrequency frequency) =>
        catalog.First(Columns + "WHERE v.state = 0 AND v.id = $1 AND c.frequency = $2", Map, volumeId, (long)frequency);

    /// <summary>
    /// Lets schedules that would begin in the future begin now: a clock that was ahead when a policy or a volume was made must not end its
    /// schedule for as long as it was ahead.
    /// </summary>
    /// <returns>How many policies' frequencies and volumes there were.</returns>
    public static int BeginFutureSchedules(this CatalogConnection catalog, DateTimeOffset now)
    {
        var found = catalog.CountFutureSchedules(now);
        if (found > 0)
        {
            catalog.Execute("UPDATE policy_schedules SET since = $1 WHERE since > $1", now.UtcTicks);
            catalog.Execute(
                "UPDATE volumes SET policy_since = $1 WHERE policy IN (SELECT policy FROM policy_schedules) AND ifnull(policy_since, "
                    + "created_at) > $1",
                now.UtcTicks);
        }

        return found;
    }

    /// <summary>Counts the policies' frequencies and the volumes whose schedules would begin in the future.</summary>
    public static int CountFutureSchedules(this CatalogConnection catalog, DateTimeOffset now) => (int)catalog.Scalar<long>(
        """
        SELECT (SELECT count(*) FROM policy_schedules WHERE since > $1)
            + (SELECT count(*) FROM volumes WHERE policy IN (SELECT policy FROM policy_schedules) AND ifnull(policy_since, created_at) > $1)
        """,
        now.UtcTicks);

    /// <summary>Records that the snapshot of an instant was taken.</summary>
    public static void EndSchedule(
        this CatalogConnection catalog, string volumeId, SnapshotFrequency frequency, DateTimeOffset due) => catalog.Execute(
        "INSERT OR REPLACE INTO schedules_done VALUES ($1, $2, $3)",
        volumeId,
        (long)frequency,
        due.UtcTicks);

    /// <summary>
    /// The scheduled snapshots beyond what policies keep, the oldest first: of all volumes, or of one. They are in the order in which they
    /// were made, which a clock that was wrong for a while does not change.
    /// </summary>
    public static List<(string Volume, string Name)> ListSurplusSnapshots(this CatalogConnection catalog, string? volumeId) =>
        volumeId is null
        ? catalog.Query(Scheduled + ")" + Surplus, MapNames)
        : catalog.Query(Scheduled + " AND s.volume_id = $1)" + Surplus, MapNames, volumeId);

    private static (string Volume, string Name) MapNames(SqliteDataReader reader) => (reader.GetString(0), reader.GetString(1));

    private static ScheduledVolume Map(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        (SnapshotFrequency)reader.GetInt32(2),
        reader.Instant(3),
        reader.IsDBNull(4) ? null : reader.Instant(4));
}
