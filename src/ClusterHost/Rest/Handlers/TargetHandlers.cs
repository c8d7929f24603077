using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's and the extension's requests for targets.</summary>
internal sealed class TargetHandlers(TargetService targets)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Read(RequestTypes.ListTargets, ListAsync),
        RequestHandler.Change(RequestTypes.AddTarget, AddAsync),
        RequestHandler.Change(RequestTypes.UpdateTarget, UpdateAsync),
        RequestHandler.Change(RequestTypes.DeleteTarget, DeleteAsync),
    ];

    private Task<Answer> ListAsync(RequestContext context) => Task.FromResult(Answer.Of(
        targets.List(context.Parameters.Text("computeHost")).Select(target => target.ToMessage()).ToList(),
        ProtocolJson.Default.ListTargetMessage));

    private async Task<Answer> AddAsync(RequestContext context) => OfTarget(await targets.CreateAsync(
        context.Parameters.RequiredText("name"),
        context.Parameters.RequiredWord<TargetProtocol>("protocol"),
        context.Parameters.Texts("computeHosts")));

    private async Task<Answer> UpdateAsync(RequestContext context) => OfTarget(await targets.UpdateAsync(
        context.Parameters.RequiredText("name"), context.Parameters.Texts("computeHosts")));

    private async Task<Answer> DeleteAsync(RequestContext context)
    {
        await targets.DeleteAsync(context.Parameters.RequiredText("name"));
        return Answer.Done;
    }

    private static Answer OfTarget(Target target) => Answer.Of(new TargetResult(target.ToMessage()), ProtocolJson.Default.TargetResult);
}
