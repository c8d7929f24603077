namespace HedvigStorage;

/// <summary>What a volume is to those who use it.</summary>
public enum VolumeType
{
    /// <summary>A disk with a file system of its own, written by one host at a time (Hedvig: <c>BLOCK</c>).</summary>
    Block,

    /// <summary>A shared file system (Hedvig: <c>NFS</c>, kept as <c>NFS_MASTER_DISK</c>).</summary>
    File,
}

/// <summary>Where replicas of a volume may lie.</summary>
public enum ReplicationPolicy
{
    /// <summary>Anywhere.</summary>
    Agnostic,

    /// <summary>In different racks.</summary>
    RackAware,

    /// <summary>In the named data centers.</summary>
    DataCenterAware,
}

/// <summary>The kind of disk on which a volume lives.</summary>
public enum Residence
{
    /// <summary>Rotating disks.</summary>
    HDD,

    /// <summary>Flash.</summary>
    Flash,
}

/// <summary>The file system that the first mount of a blank volume makes.</summary>
public enum VolumeFileSystem
{
    /// <summary>ext4, the default.</summary>
    Ext4,

    /// <summary>XFS; volumes of 300 MB or more.</summary>
    Xfs,
}

/// <summary>What an attachment allows.</summary>
public enum AccessMode
{
    /// <summary>Reading and writing.</summary>
    ReadWrite,

    /// <summary>Reading.</summary>
    ReadOnly,
}
