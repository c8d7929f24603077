namespace HedvigStorage.Hosting;

/// <summary>
/// An embedded cluster on this machine, known by its data folder. All throw <see cref="ClusterException"/>; on a platform without a cluster
/// host that is <see cref="ErrorCode.Unsupported"/>.
/// </summary>
public interface IClusterHost
{
    /// <summary>Tells whether the cluster runs and where.</summary>
    Task<ClusterHostStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Tells why no cluster can be made in the data folder, or <see langword="null"/> if one can.</summary>
    string? WhyNotCreate();

    /// <summary>Makes a cluster and starts it for the first time. If that fails, nothing of it stays.</summary>
    /// <param name="options">How to start it.</param>
    /// <param name="admin">The administrator; <see langword="null"/> is one with a random password, which the credential file
    /// tells.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: the folder holds a cluster or something else.</exception>
    Task<ClusterHostStatus> CreateAsync(ClusterHostOptions options, Credential? admin, CancellationToken cancellationToken);

    /// <summary>Starts a cluster that is there and waits until it answers, or finds that it runs.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: the folder holds no cluster.</exception>
    Task<ClusterHostStatus> StartAsync(ClusterHostOptions options, CancellationToken cancellationToken);

    /// <summary>Asks the cluster to end and waits until it has.</summary>
    /// <returns>Whether it ran.</returns>
    Task<bool> StopAsync(CancellationToken cancellationToken);

    /// <summary>Refuses a data folder that holds no cluster, or other things too. Nothing is asked of the cluster.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: the folder holds no cluster; with
    /// <see cref="ErrorCode.Refused"/>: it holds what no cluster host has put there.</exception>
    void CheckRemovable();

    /// <summary>
    /// Looks what removing the cluster would destroy. One that does not run is started for that, where only this machine reaches it, and
    /// stopped again.
    /// </summary>
    /// <param name="credential">Who logs in; <see langword="null"/> is the administrator of the credential file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">As <see cref="CheckRemovable"/>, or the cluster does not tell.</exception>
    Task<ClusterContent> InspectAsync(Credential? credential, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the cluster with its volumes and snapshots: what a cluster host has put into the data folder, and the folder if it is empty
    /// then.
    /// </summary>
    /// <param name="credential">As <see cref="InspectAsync"/> takes it.</param>
    /// <param name="endLeases">Whether attachments that no device of this machine stands behind are ignored.</param>
    /// <param name="cancellationToken">Ends the work as long as nothing is removed.</param>
    /// <exception cref="ClusterException">
    /// With <see cref="ErrorCode.Refused"/>: a volume is protected, or the folder holds what is not the cluster's; with
    /// <see cref="ErrorCode.Busy"/>: a volume is attached or in use. Nothing is removed then, but the cluster may have been stopped.
    /// </exception>
    Task RemoveAsync(Credential? credential, bool endLeases, CancellationToken cancellationToken);
}
