using System.Collections.Generic;
using System.Threading.Tasks;
using HedvigStorage.Client.Protocol;
using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Login.</summary>
internal sealed class SessionHandlers(UserStore users, SessionStore sessions)
{
    public IEnumerable<RequestHandler> All() => [RequestHandler.Read(RequestTypes.Login, LoginAsync) with { Anonymous = true }];

    private async Task<Answer> LoginAsync(RequestContext context)
    {
        var userName = context.Parameters.RequiredText("userName");
        var password = context.Parameters.RequiredText("password");
        if (!await users.IsRightAsync(userName, password))
        {
            throw new ClusterException(ErrorCode.Unauthorized, "The user name or the password is wrong.");
        }

        return Answer.Of(
            new LoginResult { SessionId = sessions.Open(userName, UserRole.SuperUser), UserName = userName, DisplayName = userName, PrimaryTenant = "Hedvig" },
            ProtocolJson.Default.LoginResult);
    }
}
