namespace HedvigStorage.PluginHost.Reconciliation;

/// <summary>What was found of a volume, each fact by itself.</summary>
/// <param name="Record">What the record on disk says.</param>
/// <param name="Mount">What is mounted where the volume is to be.</param>
/// <param name="Uses">What the engine's uses are worth.</param>
/// <param name="Holders">Whether anybody else, such as a container, has the volume mounted.</param>
/// <param name="Lease">Whose the lease is.</param>
internal sealed record VolumeFacts(RecordFact Record, MountFact Mount, UseFact Uses, HolderFact Holders, LeaseFact Lease);

/// <summary>What the record of a volume on disk says. In a rule, any of several.</summary>
[Flags]
internal enum RecordFact
{
    /// <summary>There is none.</summary>
    Missing = 1,

    /// <summary>It was being formatted when the record was made, in this boot.</summary>
    Formatting = 2,

    /// <summary>It is mounted.</summary>
    Mounted = 4,

    /// <summary>It is to be released.</summary>
    Releasing = 8,

    /// <summary>Another host has its lease.</summary>
    Stale = 16,

    /// <summary>It is of an earlier boot.</summary>
    EarlierBoot = 32,

    /// <summary>It is of an earlier boot, in which it was being formatted.</summary>
    EarlierFormatting = 64,

    Any = (2 * EarlierFormatting) - 1,
}

/// <summary>What is mounted where a volume is to be. In a rule, any of several.</summary>
[Flags]
internal enum MountFact
{
    /// <summary>Nothing.</summary>
    Missing = 1,

    /// <summary>The volume's image.</summary>
    Present = 2,

    /// <summary>Something else.</summary>
    Foreign = 4,

    Any = (2 * Foreign) - 1,
}

/// <summary>What the uses of a volume are worth that the engine has asked for. In a rule, any of several.</summary>
[Flags]
internal enum UseFact
{
    /// <summary>There is none.</summary>
    Absent = 1,

    /// <summary>The engine's process that asked for them has ended, so no Unmount will come for them.</summary>
    Ended = 2,

    /// <summary>The engine runs, and for a long time nobody has had the volume mounted.</summary>
    Idle = 4,

    /// <summary>The engine runs.</summary>
    Live = 8,

    Any = (2 * Live) - 1,
}

/// <summary>Whether anybody but the plugin host has a volume mounted. In a rule, any of several.</summary>
[Flags]
internal enum HolderFact
{
    /// <summary>Nobody has.</summary>
    Nobody = 1,

    /// <summary>A container or another process has.</summary>
    Somebody = 2,

    Any = (2 * Somebody) - 1,
}

/// <summary>Whose the lease of a volume is, as the cluster says. In a rule, any of several.</summary>
[Flags]
internal enum LeaseFact
{
    /// <summary>The cluster cannot be asked.</summary>
    Unknown = 1,

    /// <summary>It is this host's, of the record's generation.</summary>
    Ours = 2,

    /// <summary>It is nobody's.</summary>
    Nobody = 4,

    /// <summary>It is another host's, or this host's of another boot.</summary>
    Other = 8,

    /// <summary>The volume is not there.</summary>
    VolumeGone = 16,

    /// <summary>It is that of another plugin host on this machine.</summary>
    Neighbour = 32,

    Any = (2 * Neighbour) - 1,
}
