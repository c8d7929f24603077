namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The tables of the catalog.</summary>
internal static class CatalogSchema
{
    /// <summary>
    /// The statements that lead from each version to the next, an empty catalog being version 0; <c>PRAGMA user_version</c> counts them.
    /// What has been released never changes here: what comes later is another step.
    /// </summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        First,
        UserTable.Schema + AuditTable.Schema + AccessTables.Schema,
        Takeover,
        LabelTable.Schema + ScheduleTable.Schema,
        AttachmentTable.HostIds,
        CatalogIdentity.Schema,
        PolicyTable.Counts + VolumeTable.SharedTotal + AttachmentTable.HostIndex,
        CatalogEngine.Schema,
    ];

    /// <summary>The version that this program reads and writes; older ones it brings up to date.</summary>
    public static int Version => Steps.Count;

    /// <summary>The version from which on a catalog has an identity.</summary>
    public const int IdentityVersion = 6;

    private const string Takeover = """
        ALTER TABLE attachments ADD COLUMN process TEXT;
        ALTER TABLE volumes ADD COLUMN takeover INTEGER NOT NULL DEFAULT 0;
        """;

    /// <summary>
    /// <c>state</c> is 0 ready, 1 begun, 2 being removed; only what is ready is ever shown.
    /// A removed object's name is free at once, so names are unique among the others only. <c>totals</c> is kept by triggers, so that
    /// a check of capacity is one look-up inside the transaction that relies on it. A commit costs about what it changes of pages, so the
    /// tables that every operation changes keep their rows in the tree of their key, and have no index that a listing can do without.
    /// </summary>
    private const string First = """
        CREATE TABLE users (
            name TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, iterations INTEGER NOT NULL) STRICT;
        CREATE TABLE policies (
            name TEXT PRIMARY KEY, description TEXT NOT NULL, attributes TEXT NOT NULL) STRICT;
        CREATE TABLE volumes (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, state INTEGER NOT NULL, type INTEGER NOT NULL, size INTEGER NOT NULL,
            pending_size INTEGER, reverting_to TEXT, file_system INTEGER NOT NULL, policy TEXT REFERENCES policies (name),
            attributes TEXT NOT NULL, uid INTEGER, gid INTEGER, mode INTEGER, protected INTEGER NOT NULL, description TEXT NOT NULL,
            created_at INTEGER NOT NULL, source_id TEXT, source_volume TEXT, source_snapshot TEXT, shared INTEGER NOT NULL DEFAULT 0,
            generation INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX volumes_by_name ON volumes (name) WHERE state <> 2;
        CREATE INDEX volumes_by_policy ON volumes (policy, name) WHERE policy IS NOT NULL;
        CREATE INDEX volumes_unfinished ON volumes (id) WHERE state <> 0 OR pending_size IS NOT NULL OR reverting_to IS NOT NULL;
        CREATE TABLE reserved (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE snapshots (
            id TEXT PRIMARY KEY, volume_id TEXT NOT NULL REFERENCES volumes (id), name TEXT NOT NULL, external_id TEXT,
            state INTEGER NOT NULL, size INTEGER NOT NULL, allocated INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX snapshots_by_name ON snapshots (volume_id, name) WHERE state <> 2;
        CREATE UNIQUE INDEX snapshots_by_external_id ON snapshots (external_id) WHERE state <> 2 AND external_id IS NOT NULL;
        CREATE INDEX snapshots_by_volume ON snapshots (volume_id);
        CREATE INDEX snapshots_unfinished ON snapshots (id) WHERE state <> 0;
        CREATE TABLE attachments (
            volume_id TEXT PRIMARY KEY REFERENCES volumes (id), host TEXT NOT NULL, boot_id TEXT NOT NULL, mode INTEGER NOT NULL,
            generation INTEGER NOT NULL, attached_at INTEGER NOT NULL, renewed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), provisioned INTEGER NOT NULL, volumes INTEGER NOT NULL) STRICT;
        INSERT INTO totals VALUES (1, 0, 0);
        CREATE TRIGGER volume_added AFTER INSERT ON volumes BEGIN
            UPDATE totals SET provisioned = provisioned + NEW.size, volumes = volumes + (NEW.state = 0); END;
        CREATE TRIGGER volume_changed AFTER UPDATE OF state, size, pending_size ON volumes BEGIN
            UPDATE totals SET
                provisioned = provisioned + (NEW.state <> 2) * max(NEW.size, ifnull(NEW.pending_size, 0))
                                          - (OLD.state <> 2) * max(OLD.size, ifnull(OLD.pending_size, 0)),
                volumes = volumes + (NEW.state = 0) - (OLD.state = 0); END;
        CREATE TRIGGER volume_removed AFTER DELETE ON volumes WHEN OLD.state <> 2 BEGIN
            UPDATE totals SET
                provisioned = provisioned - max(OLD.size, ifnull(OLD.pending_size, 0)),
                volumes = volumes - (OLD.state = 0); END;
        CREATE TRIGGER snapshot_added AFTER INSERT ON snapshots BEGIN
            UPDATE totals SET provisioned = provisioned + NEW.allocated; END;
        CREATE TRIGGER snapshot_changed AFTER UPDATE OF state, allocated ON snapshots BEGIN
            UPDATE totals SET provisioned = provisioned + (NEW.state <> 2) * NEW.allocated - (OLD.state <> 2) * OLD.allocated; END;
        CREATE TRIGGER snapshot_removed AFTER DELETE ON snapshots WHEN OLD.state <> 2 BEGIN
            UPDATE totals SET provisioned = provisioned - OLD.allocated; END;
        """;
}
