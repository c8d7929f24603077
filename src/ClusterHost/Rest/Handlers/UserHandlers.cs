using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's and the extension's requests for users, and the listing of what they have asked.</summary>
internal sealed class UserHandlers(UserStore users, AuditLog audit)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Govern(RequestTypes.AddUser, AddAsync),
        RequestHandler.Govern(RequestTypes.DeleteUser, DeleteAsync),
        RequestHandler.Govern(RequestTypes.ListUsers, ListAsync) with { Audited = false },

        // Everybody may change the own profile and password.
        RequestHandler.Read(RequestTypes.SaveUserProfile, SaveAsync) with { Audited = true },
        RequestHandler.Read(RequestTypes.ChangePassword, ChangePasswordAsync) with { Audited = true },
        RequestHandler.Change(RequestTypes.ListAuditEvents, ListAuditAsync) with { Audited = false },
    ];

    private async Task<Answer> AddAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        if (parameters.Text("tenant") is { Length: > 0 } tenant
            && !tenant.Equals(AdministrationMapping.Tenant, StringComparison.OrdinalIgnoreCase))
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"There is no tenant '{ObjectName.Printable(tenant)}': the only one is '{AdministrationMapping.Tenant}'.");
        }

        if (parameters.Flag("isLdapUser") == true)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                "This cluster keeps its users itself and asks no LDAP directory. Give 'isLdapUser' as false, or leave it out.");
        }

        // Whoever generated the password, it is given here.
        _ = parameters.Flag("isGeneratedPassword");
        var userName = parameters.RequiredText("userName");
        var user = await users.AddAsync(
            new ClusterUser
            {
                UserName = userName,
                DisplayName = parameters.Text("displayName") is { Length: > 0 } displayName ? displayName : userName,
                Role = parameters.Word<UserRole>("role")
                    ?? throw new ClusterException(
                        ErrorCode.InvalidArgument, $"AddUser needs the parameter 'role': {string.Join(", ", Enum.GetNames<UserRole>())}."),
                Email = parameters.Text("email") ?? string.Empty,
                Mobile = parameters.Text("mobile") ?? string.Empty,
            },
            parameters.RequiredSecret("password"),
            context.Origin.Peer);
        return Answer.Of(
            new AddUserResult { Tenant = AdministrationMapping.Tenant, UserName = user.UserName, User = user.ToMessage() },
            ProtocolJson.Default.AddUserResult);
    }

    private async Task<Answer> SaveAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var userName = OwnOrAny(context, parameters.Text("userName"));
        var role = parameters.Word<UserRole>("role");
        if (role is not null && context.Session!.Role != UserRole.SuperUser)
        {
            throw new ClusterException(ErrorCode.Unauthorized, $"Only a {UserRole.SuperUser} changes roles.");
        }

        var user = await users.UpdateAsync(userName, new UserChange
        {
            Role = role,
            DisplayName = parameters.Text("displayName"),
            Email = parameters.Text("email"),
            Mobile = parameters.Text("mobile"),
        });
        return Answer.Of(new UserResult(user.ToMessage()), ProtocolJson.Default.UserResult);
    }

    private async Task<Answer> DeleteAsync(RequestContext context)
    {
        await users.DeleteAsync(context.Parameters.RequiredText("userName"));
        return Answer.Done;
    }

    private Task<Answer> ListAsync(RequestContext context) => Task.FromResult(Answer.Of(
        new UsersResult(users.List().Select(user => user.ToMessage()).ToArray()),
        ProtocolJson.Default.UsersResult));

    private async Task<Answer> ChangePasswordAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var userName = OwnOrAny(context, parameters.Text("userName"));
        await users.ChangePasswordAsync(
            userName,
            parameters.Secret("currentPassword"),
            parameters.RequiredSecret("newPassword"),
            context.Session!,
            context.Origin.Peer);
        return Answer.Done;
    }

    private async Task<Answer> ListAuditAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var page = await audit.ListAsync(new AuditQuery
        {
            UserName = parameters.Text("userName"),
            Type = parameters.Text("type"),
            Since = parameters.Instant("since"),
            PageSize = parameters.PageSize(),
            PageToken = parameters.Text("pageToken"),
        });
        return Answer.Of(
            new AuditEventsResult(page.Items.Select(item => item.ToMessage()).ToArray(), page.NextPageToken),
            ProtocolJson.Default.AuditEventsResult);
    }

    private static string OwnOrAny(RequestContext context, string? userName)
    {
        var session = context.Session!;
        return userName is null || userName == session.UserName
            ? session.UserName
            : session.Role == UserRole.SuperUser
                ? userName
                : throw new ClusterException(
                    ErrorCode.Unauthorized,
                    $"Only a {UserRole.SuperUser} changes other users; '{session.UserName}' has the role {session.Role}.");
    }
}
