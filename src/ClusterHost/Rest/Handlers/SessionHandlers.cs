using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Login and Logout.</summary>
internal sealed class SessionHandlers(UserStore users, SessionStore sessions)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Read(RequestTypes.Login, LoginAsync) with { Anonymous = true },
        RequestHandler.Read(RequestTypes.Logout, LogoutAsync),
    ];

    private async Task<Answer> LoginAsync(RequestContext context)
    {
        var userName = context.Parameters.RequiredText("userName");
        var password = context.Parameters.RequiredSecret("password");

        // Cinder gives the name of its configuration, Terraform none: it is not compared.
        _ = context.Parameters.Text("cluster");
        var user = await users.LoginAsync(userName, password, context.Origin.Peer);
        return Answer.Of(
            new LoginResult
            {
                SessionId = sessions.Open(user.UserName, user.Role),
                UserName = user.UserName,
                DisplayName = user.DisplayName.Length == 0 ? user.UserName : user.DisplayName,
                PrimaryTenant = AdministrationMapping.Tenant,
                Roles = new Dictionary<string, string>(StringComparer.Ordinal) { [AdministrationMapping.Tenant] = user.Role.ToString() },
                Datacenters = [],
                Dualdc = false,
            },
            ProtocolJson.Default.LoginResult);
    }

    private Task<Answer> LogoutAsync(RequestContext context)
    {
        sessions.End(context.Session!);
        return Task.FromResult(Answer.Done);
    }
}
