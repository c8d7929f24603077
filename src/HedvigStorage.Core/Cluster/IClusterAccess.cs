namespace HedvigStorage;

/// <summary>
/// A cluster's targets, and how volumes are reached through them: LUNs, exports, access rules. Every operation is idempotent: adding what
/// is there and the same succeeds, removing what is gone succeeds. All throw <see cref="ClusterException"/>; a volume that is not there is
/// a <see cref="ErrorCode.NotFound"/>, except where something of it is removed.
/// </summary>
public interface IClusterAccess
{
    /// <summary>Lists block and NFS targets in the order in which they were configured.</summary>
    /// <param name="computeHost">The host that they serve; <see langword="null"/> is all targets.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Target>> ListTargetsAsync(string? computeHost, CancellationToken cancellationToken);

    /// <summary>
    /// Configures a target, or finds the same one; another protocol or other hosts under that name are a <see cref="ErrorCode.Conflict"/>.
    /// </summary>
    Task<Target> CreateTargetAsync(Target target, CancellationToken cancellationToken);

    /// <summary>Changes which hosts a target serves first.</summary>
    Task<Target> UpdateTargetAsync(string name, IReadOnlyCollection<string> computeHosts, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a target and the access rules for it; one that has LUNs or exports is refused (<see cref="ErrorCode.Busy"/>), naming their
    /// volumes.
    /// </summary>
    Task DeleteTargetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the LUNs of a volume.</summary>
    Task<IReadOnlyList<Lun>> ListLunsAsync(string volume, CancellationToken cancellationToken);

    /// <summary>Finds the LUN of a volume on a target; <see langword="null"/> if the volume is not mapped there.</summary>
    Task<Lun?> FindLunAsync(string volume, string target, CancellationToken cancellationToken);

    /// <summary>
    /// Maps a block volume on a block target, or finds its LUN; one that can be written and one that cannot are a
    /// <see cref="ErrorCode.Conflict"/>.
    /// </summary>
    Task<Lun> AddLunAsync(string volume, string target, bool readOnly, CancellationToken cancellationToken);

    /// <summary>Unmaps a volume from a target.</summary>
    Task RemoveLunAsync(string volume, string target, CancellationToken cancellationToken);

    /// <summary>Lists the exports of a volume.</summary>
    Task<IReadOnlyList<Export>> ListExportsAsync(string volume, CancellationToken cancellationToken);

    /// <summary>Exports a file volume through an NFS target.</summary>
    Task<Export> AddExportAsync(string volume, string target, CancellationToken cancellationToken);

    /// <summary>Ends an export.</summary>
    Task RemoveExportAsync(string volume, string target, CancellationToken cancellationToken);

    /// <summary>Lists the access rules of a volume.</summary>
    Task<IReadOnlyList<AccessRule>> ListRulesAsync(string volume, CancellationToken cancellationToken);

    /// <summary>
    /// Lists how all volumes are reached, in one request; a cluster that does not know the extension is a
    /// <see cref="ErrorCode.Unsupported"/>.
    /// </summary>
    Task<AccessList> ListAllAsync(CancellationToken cancellationToken);

    /// <summary>Adds an access rule.</summary>
    Task AddRuleAsync(AccessRule rule, CancellationToken cancellationToken);

    /// <summary>Removes the access rules of a volume for one address on a target.</summary>
    Task RemoveRuleAsync(string volume, string target, string address, CancellationToken cancellationToken);

    /// <summary>Lists the registered initiators in the order of their hosts.</summary>
    Task<IReadOnlyList<HostInitiator>> ListInitiatorsAsync(CancellationToken cancellationToken);

    /// <summary>Finds the initiator of a host; <see langword="null"/> if none is registered.</summary>
    Task<HostInitiator?> FindInitiatorAsync(string host, CancellationToken cancellationToken);

    /// <summary>Registers the initiator of a host; another one of the same host is a <see cref="ErrorCode.Conflict"/>.</summary>
    Task<HostInitiator> RegisterInitiatorAsync(HostInitiator initiator, CancellationToken cancellationToken);

    /// <summary>Takes a host out of the registry.</summary>
    Task UnregisterInitiatorAsync(string host, CancellationToken cancellationToken);
}
