using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's requests for access rules, and those for the initiators of hosts, which rules name.</summary>
internal sealed class AccessHandlers(AccessRuleService rules, InitiatorService initiators)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Change(RequestTypes.PersistACLAccess, PersistAsync) with { AnswersItems = true },
        RequestHandler.Read(RequestTypes.GetACLInformation, ListAsync),
        RequestHandler.Change(RequestTypes.RemoveACLAccess, RemoveAsync),
        RequestHandler.Read(RequestTypes.ListAccess, ListAllAsync),
        RequestHandler.Read(RequestTypes.GetIqn, GetInitiatorAsync),
        RequestHandler.Read(RequestTypes.ListIqns, ListInitiatorsAsync),
        RequestHandler.Change(RequestTypes.RegisterIqn, RegisterAsync),
        RequestHandler.Change(RequestTypes.UnregisterIqn, UnregisterAsync),
    ];

    private Task<Answer> PersistAsync(RequestContext context)
    {
        var volumes = context.Parameters.RequiredTexts("virtualDisks");
        var target = context.Parameters.RequiredText("host");
        var type = context.Parameters.RequiredWord<AccessRuleType>("type");
        var addresses = context.Parameters.RequiredTexts("address");
        return ItemRunner.RunAsync(volumes, async volume =>
        {
            await rules.AddAsync(volume, target, type, addresses);
            return new ItemResult();
        });
    }

    private Task<Answer> ListAsync(RequestContext context) => Task.FromResult(Answer.Of(
        rules.List(context.Parameters.RequiredText("virtualDisk")).ToMessage().ToList(),
        ProtocolJson.Default.ListTargetAccessMessage));

    private Task<Answer> ListAllAsync(RequestContext context) =>
        Task.FromResult(Answer.Of(rules.ListAll().ToMessage(), ProtocolJson.Default.AccessListResult));

    private async Task<Answer> RemoveAsync(RequestContext context)
    {
        await rules.RemoveAsync(
            context.Parameters.RequiredText("virtualDisk"),
            context.Parameters.RequiredText("host"),
            context.Parameters.RequiredTexts("address"));
        return Answer.Done;
    }

    private Task<Answer> GetInitiatorAsync(RequestContext context) =>
        Task.FromResult(OfInitiator(initiators.Get(context.Parameters.RequiredText("host"))));

    private Task<Answer> ListInitiatorsAsync(RequestContext context) => Task.FromResult(Answer.Of(
        new InitiatorsResult(initiators.List().Select(initiator => initiator.ToMessage()).ToArray()),
        ProtocolJson.Default.InitiatorsResult));

    private async Task<Answer> RegisterAsync(RequestContext context) =>
        OfInitiator(await initiators.RegisterAsync(context.Parameters.RequiredText("host"), context.Parameters.RequiredText("iqn")));

    private async Task<Answer> UnregisterAsync(RequestContext context)
    {
        await initiators.UnregisterAsync(context.Parameters.RequiredText("host"), context.Parameters.Text("iqn"));
        return Answer.Done;
    }

    private static Answer OfInitiator(HostInitiator initiator) => Answer.Of(initiator.ToMessage(), ProtocolJson.Default.InitiatorMessage);
}
