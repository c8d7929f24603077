using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>The extension's requests for policies.</summary>
internal sealed class PolicyHandlers(PolicyService policies)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Read(RequestTypes.ListPolicies, ListAsync),
        RequestHandler.Change(RequestTypes.AddPolicy, AddAsync),
        RequestHandler.Change(RequestTypes.UpdatePolicy, UpdateAsync),
        RequestHandler.Change(RequestTypes.DeletePolicy, DeleteAsync),
        RequestHandler.Read(RequestTypes.CheckPlacement, CheckPlacementAsync),
    ];

    private Task<Answer> ListAsync(RequestContext context) => Task.FromResult(Answer.Of(
        new PoliciesResult(policies.List().Select(policy => policy.ToMessage()).ToArray()),
        ProtocolJson.Default.PoliciesResult));

    private async Task<Answer> AddAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        return OfPolicy(await policies.CreateAsync(new PolicySpecification
        {
            Name = parameters.RequiredText("name"),
            Description = PrintableText.Check("description", parameters.Text("description")),
            Attributes = parameters.Attributes(),
            SnapshotSchedule = parameters.SnapshotSchedule(),
            Labels = LabelRules.Apply(ObjectLabels.None, parameters.Labels()),
        }));
    }

    private async Task<Answer> UpdateAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        return OfPolicy(await policies.UpdateAsync(parameters.RequiredText("name"), new PolicyChange
        {
            Description = PrintableText.Check("description", parameters.Text("description")),
            Attributes = parameters.Attributes(),
            SnapshotSchedule = parameters.SnapshotSchedule(),
        }));
    }

    private async Task<Answer> DeleteAsync(RequestContext context)
    {
        await policies.DeleteAsync(context.Parameters.RequiredText("name"));
        return Answer.Done;
    }

    private async Task<Answer> CheckPlacementAsync(RequestContext context)
    {
        await policies.CheckAsync(context.Parameters.Attributes());
        return Answer.Done;
    }

    private static Answer OfPolicy(Policy policy) => Answer.Of(new PolicyResult(policy.ToMessage()), ProtocolJson.Default.PolicyResult);
}
