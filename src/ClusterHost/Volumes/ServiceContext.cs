using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>What the services share.</summary>
internal sealed record ServiceContext(
    CatalogDatabase Catalog, IStorageEngine Engine, CapacityService Capacity, NameLocks Locks, string BootId, TimeProvider Time)
{
    /// <summary>Gets what is wrong with the cluster.</summary>
    public ClusterProblems Problems { get; } = new(Capacity);

    /// <summary>Gets the order in which the engine works for the catalog.</summary>
    public EngineWork Work { get; } = new(Catalog);

    /// <summary>Gets what is raised when schedules have changed.</summary>
    public ChangeSignal Schedules { get; } = new();

    /// <summary>Gets what is raised when a volume may have to lie elsewhere.</summary>
    public ChangeSignal Placements { get; } = new();

    /// <summary>Gets how far the volumes are that are being moved.</summary>
    public VolumeMoves Moves { get; } = new();

    /// <summary>Gets what is known of what the engine has stored.</summary>
    public StoredState Stored { get; } = new(Catalog, Engine);

    /// <summary>Tells whether somebody holds a lease: one of an earlier boot of the only machine is held by nobody.</summary>
    public bool IsHeld(Attachment? lease) => lease is not null && !(Engine.Capabilities.OwnMachineOnly && lease.BootId != BootId);

    /// <summary>Completes what the catalog says with what the engine says, outside of any transaction.</summary>
    public Volume Complete(VolumeRow row) => row.Model with
    {
        Effective = Engine.Effective(row.Id, row.Model.Requested),
        Allocated = Engine.GetAllocated(row.Id),
        Damage = Stored.FindDamage(row.Id),
        MovedPercent = Moves.Find(row.Id) is { } part ? (int)(part * 100) : null,
    };

    public static VolumeRow Require(CatalogConnection catalog, string name) => catalog.FindVolume(name) ?? throw VolumeNotFound(name);

    // Hedvig's clients know "not there" by the end of the message, so no full stop.
    public static ClusterException VolumeNotFound(string name) =>
        new(ErrorCode.NotFound, $"The volume '{ObjectName.Printable(name)}' couldn't be found");

    public static ClusterException SnapshotNotFound(string name) =>
        new(ErrorCode.NotFound, $"The snapshot '{ObjectName.Printable(name)}' couldn't be found");

    /// <summary>Refuses to use a volume whose content is neither the old one nor the snapshot's until its revert has ended.</summary>
    public static void RefuseReverting(VolumeRow row)
    {
        if (row.RevertingTo is not null)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"The volume '{row.Model.Name}' is being reverted, which has not ended yet. It goes on by itself; try again later.");
        }
    }

    /// <summary>Refuses a promise that no engine of this project can keep yet. The end of the message is what Terraform matches.</summary>
    public static void RefuseEncryption(VolumeAttributes attributes)
    {
        if (attributes.Encryption == true)
        {
            throw new ClusterException(
                ErrorCode.Refused, "Encryption needs key management, which this cluster does not have: Run setkmsinfo command");
        }
    }
}
