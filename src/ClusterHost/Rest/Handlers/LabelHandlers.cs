using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>The extension's request for labels.</summary>
internal sealed class LabelHandlers(LabelService labels)
{
    public IEnumerable<RequestHandler> All() => [RequestHandler.Change(RequestTypes.SetLabels, SetAsync)];

    private async Task<Answer> SetAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var kind = parameters.RequiredWord<LabelledKind>("kind");
        var name = parameters.RequiredText("name");
        var changes = parameters.RequiredLabels();
        await (kind switch
        {
            LabelledKind.Policy => labels.SetPolicyAsync(name, changes),
            LabelledKind.Volume => labels.SetVolumeAsync(name, changes),
            LabelledKind.Snapshot => labels.SetSnapshotAsync(parameters.RequiredText("virtualDisk"), name, changes),
            _ => labels.SetAccessRuleAsync(parameters.RequiredText("virtualDisk"), parameters.RequiredText("target"), name, changes),
        });
        return Answer.Done;
    }
}
