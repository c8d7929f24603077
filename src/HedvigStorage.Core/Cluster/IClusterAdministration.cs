namespace HedvigStorage;

/// <summary>
/// Users, audit events and health of a cluster. All throw <see cref="ClusterException"/>; but for <see cref="AddUserAsync"/> and
/// <see cref="UpdateUserAsync"/>
/// all need the <c>HedvigStorage</c> extension.
/// </summary>
public interface IClusterAdministration
{
    /// <summary>Lists all users in the order of their names.</summary>
    Task<IReadOnlyList<ClusterUser>> ListUsersAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes a user, or finds the same one; another role, profile or password under that name is a <see cref="ErrorCode.Conflict"/>.
    /// </summary>
    Task AddUserAsync(UserSpecification specification, CancellationToken cancellationToken);

    /// <summary>Changes a user's role or profile. Another role ends the user's sessions.</summary>
    Task UpdateUserAsync(string userName, UserChange change, CancellationToken cancellationToken);

    /// <summary>Removes a user and ends all sessions of that user. The cluster host's own admin is refused.</summary>
    Task DeleteUserAsync(string userName, CancellationToken cancellationToken);

    /// <summary>Gives a user another password and ends all sessions of that user but this one.</summary>
    /// <param name="userName">The user.</param>
    /// <param name="currentPassword">The password until now; a <see cref="UserRole.SuperUser"/> may leave it out for another user.</param>
    /// <param name="newPassword">The new one, 8 to 256 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ChangePasswordAsync(string userName, string? currentPassword, string newPassword, CancellationToken cancellationToken);

    /// <summary>Lists changes that were asked of the cluster, the latest first.</summary>
    Task<Page<AuditEvent>> ListAuditEventsAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Asks how the cluster is.</summary>
    Task<ClusterHealth> GetHealthAsync(CancellationToken cancellationToken);

    /// <summary>Has the cluster look at its catalog and at all that it has stored now, and tells how it is.</summary>
    Task<ClusterHealth> CheckAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Fetches a copy of the cluster's catalog as of one instant: what the cluster knows of its volumes, snapshots, policies, access, users
    /// and leases, but not what is in the volumes. It needs the role <see cref="UserRole.SuperUser"/>, for it has what passwords are
    /// compared with.
    /// </summary>
    /// <param name="destination">Where it is written to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was written, which has been compared with what the cluster says of it.</returns>
    /// <exception cref="ClusterException">
    /// <see cref="ErrorCode.Busy"/>: a volume is being put back to a snapshot. <see cref="ErrorCode.Protocol"/>: what arrived is not what
    /// the cluster has made. What is in <paramref name="destination"/> is then of no use.
    /// </exception>
    Task<CatalogBackup> BackUpAsync(Stream destination, CancellationToken cancellationToken);

    /// <summary>Ends this client's sessions; the next operation opens another.</summary>
    Task LogoutAsync(CancellationToken cancellationToken);
}
