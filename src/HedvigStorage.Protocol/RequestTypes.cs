namespace HedvigStorage.Protocol;

/// <summary>
/// The names of the requests. Source of those outside the extension: Hedvig's public Cinder driver and Terraform provider.
/// </summary>
public static class RequestTypes
{
    /// <summary>Opens a session.</summary>
    public const string Login = "Login";

    /// <summary>Makes a user. Source: the example in Hedvig's documentation of S3 service users.</summary>
    public const string AddUser = "AddUser";

    /// <summary>Changes a user's profile. Source: its name in the contents of Hedvig's REST guide; its parameters are ours.</summary>
    public const string SaveUserProfile = "SaveUserProfile";

    /// <summary>Lists the names of the nodes, the live one first.</summary>
    public const string ListClusterNodes = "ListClusterNodes";

    /// <summary>Tells the capacity.</summary>
    public const string ClusterInformation = "ClusterInformation";

    /// <summary>Makes a volume.</summary>
    public const string AddVirtualDisk = "AddVirtualDisk";

    /// <summary>Tells name, size in GB and type of a volume.</summary>
    public const string VirtualDiskDetails = "VirtualDiskDetails";

    /// <summary>Grows a volume.</summary>
    public const string ResizeDisks = "ResizeDisks";

    /// <summary>Removes a volume.</summary>
    public const string DeleteVDisk = "DeleteVDisk";

    /// <summary>Makes a snapshot.</summary>
    public const string MakeSnapshot = "MakeSnapshot";

    /// <summary>Makes a volume from a volume or a snapshot.</summary>
    public const string CloneVdisk = "CloneVdisk";

    /// <summary>Removes a snapshot.</summary>
    public const string DeleteSnapshot = "DeleteSnapshot";

    /// <summary>Lists targets.</summary>
    public const string ListTargets = "ListTargets";

    /// <summary>Tells the number of a LUN.</summary>
    public const string GetLun = "GetLun";

    /// <summary>Maps a block volume on a target.</summary>
    public const string AddLun = "AddLun";

    /// <summary>Unmaps a volume from a target.</summary>
    public const string UnmapLun = "UnmapLun";

    /// <summary>Tells the initiator name of a host.</summary>
    public const string GetIqn = "GetIqn";

    /// <summary>Adds access rules.</summary>
    public const string PersistACLAccess = "PersistACLAccess";

    /// <summary>Lists access rules.</summary>
    public const string GetACLInformation = "GetACLInformation";

    /// <summary>Removes access rules.</summary>
    public const string RemoveACLAccess = "RemoveACLAccess";

    /// <summary>Exports a file volume through a target.</summary>
    public const string Mount = "Mount";

    /// <summary>Ends an export.</summary>
    public const string Unmount = "Unmount";

    /// <summary>Lists the targets that export a volume.</summary>
    public const string ListExportedTargets = "ListExportedTargets";

    /// <summary>Extension: what the cluster and its engine can do, and its health.</summary>
    public const string Capabilities = "Capabilities";

    /// <summary>Extension: how the cluster is.</summary>
    public const string Health = "Health";

    /// <summary>Extension: looks at the catalog and all images now, and tells how the cluster is.</summary>
    public const string CheckCluster = "CheckCluster";

    /// <summary>Extension: ends the session.</summary>
    public const string Logout = "Logout";

    /// <summary>Extension: lists users.</summary>
    public const string ListUsers = "ListUsers";

    /// <summary>Extension: removes a user.</summary>
    public const string DeleteUser = "DeleteUser";

    /// <summary>Extension: gives a user another password.</summary>
    public const string ChangePassword = "ChangePassword";

    /// <summary>Extension: lists changes that were asked.</summary>
    public const string ListAuditEvents = "ListAuditEvents";

    /// <summary>Extension: lists volumes.</summary>
    public const string ListVolumes = "ListVolumes";

    /// <summary>Extension: changes a volume in place.</summary>
    public const string UpdateVolume = "UpdateVolume";

    /// <summary>Extension: puts a volume back to a snapshot.</summary>
    public const string RevertVolume = "RevertVolume";

    /// <summary>Extension: lists snapshots.</summary>
    public const string ListSnapshots = "ListSnapshots";

    /// <summary>Extension: lists policies.</summary>
    public const string ListPolicies = "ListPolicies";

    /// <summary>Extension: makes a policy.</summary>
    public const string AddPolicy = "AddPolicy";

    /// <summary>Extension: changes a policy.</summary>
    public const string UpdatePolicy = "UpdatePolicy";

    /// <summary>Extension: removes a policy.</summary>
    public const string DeletePolicy = "DeletePolicy";

    /// <summary>Extension: takes the lease of a volume.</summary>
    public const string Attach = "Attach";

    /// <summary>Extension: renews leases.</summary>
    public const string RenewAttachments = "RenewAttachments";

    /// <summary>Extension: gives a lease back.</summary>
    public const string Detach = "Detach";

    /// <summary>Extension: ends the lease of a holder that can write no longer.</summary>
    public const string FenceAttachment = "FenceAttachment";

    /// <summary>Extension: lists leases.</summary>
    public const string ListAttachments = "ListAttachments";

    /// <summary>Extension: tells whether the engine can place what attributes ask for.</summary>
    public const string CheckPlacement = "CheckPlacement";

    /// <summary>Extension: makes many blank volumes.</summary>
    public const string AddVolumes = "AddVolumes";

    /// <summary>Extension: removes a volume if its labels allow it.</summary>
    public const string RemoveVolume = "RemoveVolume";

    /// <summary>Extension: sets labels of an object, or takes them away.</summary>
    public const string SetLabels = "SetLabels";

    /// <summary>Extension: makes a copy of the catalog that can be fetched.</summary>
    public const string BackupCatalog = "BackupCatalog";

    /// <summary>Extension: fetches a part of a copy of the catalog.</summary>
    public const string ReadBackup = "ReadBackup";

    /// <summary>Extension: lists how all volumes are reached.</summary>
    public const string ListAccess = "ListAccess";

    /// <summary>Extension: configures a target.</summary>
    public const string AddTarget = "AddTarget";

    /// <summary>Extension: changes a target in place.</summary>
    public const string UpdateTarget = "UpdateTarget";

    /// <summary>Extension: removes a target.</summary>
    public const string DeleteTarget = "DeleteTarget";

    /// <summary>Extension: lists the initiators of hosts.</summary>
    public const string ListIqns = "ListIqns";

    /// <summary>Extension: registers the initiator of a host.</summary>
    public const string RegisterIqn = "RegisterIqn";

    /// <summary>Extension: takes a host out of the registry of initiators.</summary>
    public const string UnregisterIqn = "UnregisterIqn";
}

/// <summary>The categories of the requests.</summary>
public static class Categories
{
    /// <summary>Sessions and users.</summary>
    public const string UserManagement = "UserManagement";

    /// <summary>Volumes and access.</summary>
    public const string VirtualDiskManagement = "VirtualDiskManagement";

    /// <summary>Snapshots and clones.</summary>
    public const string SnapshotManagement = "SnapshotManagement";

    /// <summary>Capacity.</summary>
    public const string ClusterWatch = "ClusterWatch";

    /// <summary>The extension that only a cluster host of this project answers.</summary>
    public const string Extension = "HedvigStorage";
}

/// <summary>The words of <c>status</c>. Source: what the Cinder driver and the Terraform provider compare with.</summary>
public static class StatusWords
{
    /// <summary>Done.</summary>
    public const string Ok = "ok";

    /// <summary>Not done, and asking again would not help; clients read the message.</summary>
    public const string Warning = "warning";

    /// <summary>Not done.</summary>
    public const string Failure = "failure";

    /// <summary>The session is unknown or has ended: log in and ask again.</summary>
    public const string SessionFailure = "session-failure";
}
