using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>Users, audit events and health over the protocol.</summary>
internal sealed class HedvigAdministration(HedvigSession session, ExtensionRequests extension) : IClusterAdministration
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterUser>> ListUsersAsync(CancellationToken cancellationToken)
    {
        var result = await extension.AskAsync("Listing users", RequestTypes.ListUsers, ProtocolJson.Default.UsersResult, cancellationToken)
            .ConfigureAwait(false);
        return AnswerReader.Each(RequestTypes.ListUsers, "users", result.Users, AdministrationMapping.ToModel);
    }

    /// <inheritdoc/>
    public async Task AddUserAsync(UserSpecification specification, CancellationToken cancellationToken)
    {
        // Strings all, as the only documented example has them.
        var request = new HedvigRequest(RequestTypes.AddUser, Categories.UserManagement, writer =>
        {
            writer.WriteString("userName", specification.UserName);
            writer.WriteString("displayName", specification.DisplayName.Length == 0 ? specification.UserName : specification.DisplayName);
            writer.WriteString("tenant", AdministrationMapping.Tenant);
            writer.WriteString("role", specification.Role.ToString());
            writer.WriteString("email", specification.Email);
            writer.WriteString("mobile", specification.Mobile);
            writer.WriteString("password", specification.Password);
            writer.WriteString("isGeneratedPassword", "false");
            writer.WriteString("isLdapUser", "false");
        }) with { Repeatable = await extension.IsKnownAsync(cancellationToken).ConfigureAwait(false) };
        _ = await session.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task UpdateUserAsync(string userName, UserChange change, CancellationToken cancellationToken)
    {
        await extension.NeedAsync("Changing a user", cancellationToken).ConfigureAwait(false);
        var request = new HedvigRequest(RequestTypes.SaveUserProfile, Categories.UserManagement, writer =>
        {
            writer.WriteString("userName", userName);
            writer.WriteOptionalString("role", change.Role?.ToString());
            writer.WriteOptionalString("displayName", change.DisplayName);
            writer.WriteOptionalString("email", change.Email);
            writer.WriteOptionalString("mobile", change.Mobile);
        });
        _ = await session.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteUserAsync(string userName, CancellationToken cancellationToken)
    {
        try
        {
            await extension.TellAsync(
                "Removing a user",
                RequestTypes.DeleteUser,
                cancellationToken,
                writer => writer.WriteString("userName", userName)).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            // Who is gone is removed.
        }
    }

    /// <inheritdoc/>
    public async Task ChangePasswordAsync(string userName, string? currentPassword, string newPassword, CancellationToken cancellationToken)
    {
        await extension.NeedAsync("Changing a password", cancellationToken).ConfigureAwait(false);

        // A repeat would find the password changed already, and take the current one for wrong.
        var request = HedvigRequest.Extension(RequestTypes.ChangePassword, writer =>
        {
            writer.WriteString("userName", userName);
            writer.WriteOptionalString("currentPassword", currentPassword);
            writer.WriteString("newPassword", newPassword);
        }) with { Repeatable = false };
        _ = await session.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (string.Equals(userName, session.UserName, System.StringComparison.Ordinal))
        {
            session.ChangePassword(newPassword);
        }
    }

    /// <inheritdoc/>
    public async Task<Page<AuditEvent>> ListAuditEventsAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var result = await extension.AskAsync(
            "Listing audit events",
            RequestTypes.ListAuditEvents,
            ProtocolJson.Default.AuditEventsResult,
            cancellationToken,
            writer =>
            {
                writer.WriteOptionalString("userName", query.UserName);
                writer.WriteOptionalString("type", query.Type);
                if (query.Since is { } since)
                {
                    writer.WriteString("since", since);
                }

                writer.WritePage(query.PageSize, query.PageToken);
            }).ConfigureAwait(false);
        return new Page<AuditEvent>(
            AnswerReader.Each(RequestTypes.ListAuditEvents, "events", result.Events, AdministrationMapping.ToModel),
            string.IsNullOrEmpty(result.NextPageToken) ? null : result.NextPageToken);
    }

    /// <inheritdoc/>
    public Task<ClusterHealth> GetHealthAsync(CancellationToken cancellationToken) =>
        AskAsync("Asking for health", RequestTypes.Health, cancellationToken);

    /// <inheritdoc/>
    public Task<ClusterHealth> CheckAsync(CancellationToken cancellationToken) =>
        AskAsync("Checking the cluster", RequestTypes.CheckCluster, cancellationToken);

    /// <inheritdoc/>
    public Task<CatalogBackup> BackUpAsync(Stream destination, CancellationToken cancellationToken) =>
        BackupReader.ReadAsync(extension, destination, cancellationToken);

    private async Task<ClusterHealth> AskAsync(string what, string type, CancellationToken cancellationToken)
    {
        var result = await extension.AskAsync(what, type, ProtocolJson.Default.HealthResult, cancellationToken).ConfigureAwait(false);
        return new ClusterHealth
        {
            Healthy = result.Healthy,
            Problems = result.Problems ?? [],
            Version = result.Version ?? string.Empty,
            StartedAt = result.StartedAt,
        };
    }

    /// <inheritdoc/>
    public Task LogoutAsync(CancellationToken cancellationToken) => session.LogoutAsync(cancellationToken);
}
