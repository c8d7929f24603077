using HedvigStorage.Documents;
using HedvigStorage.Properties;

namespace HedvigStorage.Planning;

/// <summary>Plans policies.</summary>
internal sealed class PolicyPlanner(ICluster cluster, ClusterState state, CatalogObject catalog)
{
    public IEnumerable<PlanStep> Plan(Configuration configuration) => configuration.Policies.Select(PlanOne);

    public PlanStep PlanRemoval(string name, string reason) => new(ResourceKind.Policy, name, StepAction.Remove)
    {
        Reason = reason,
        Execute = (_, cancellationToken) => cluster.DeletePolicyAsync(name, cancellationToken),
    };

    private PlanStep PlanOne(ConfiguredPolicy policy)
    {
        var item = LabelledObject.Policy(policy.Name);
        var digest = Ownership.Digest(Specified(policy));
        if (!state.Policies.TryGetValue(policy.Name, out var actual))
        {
            return policy.Ensure == Ensure.Present
                ? PlanMissing(policy, digest)
                : CatalogObject.AsDesired(ResourceKind.Policy, policy.Name, there: false);
        }

        return policy.Ensure switch
        {
            Ensure.Forgotten => catalog.Forget(ResourceKind.Policy, policy.Name, item, actual.Labels),
            Ensure.Absent => catalog.Settle(PlanRemoval(policy.Name, "The document makes it absent."), item, actual.Labels, digest),
            _ => catalog.Settle(PlanExisting(policy, actual), item, actual.Labels, digest),
        };
    }

    private PlanStep PlanMissing(ConfiguredPolicy policy, string digest) => new(ResourceKind.Policy, policy.Name, StepAction.Create)
    {
        Reason = "It is not there.",
        Changes = Specified(policy).ToArray(),
        Notes = Notes(policy),
        Execute = (_, cancellationToken) => cluster.CreatePolicyAsync(policy with { Labels = catalog.Labels(digest) }, cancellationToken),
    };

    private PlanStep PlanExisting(ConfiguredPolicy policy, Policy actual)
    {
        var changes = PropertyComparison.Compare(PolicyProperties.All, policy, actual).ToArray();
        return changes.Length == 0
            ? CatalogObject.AsDesired(ResourceKind.Policy, policy.Name, there: true)
            : new PlanStep(ResourceKind.Policy, policy.Name, StepAction.Update)
            {
                Reason = actual.VolumeCount == 0 ? "It differs." : $"It differs; {actual.VolumeCount} volumes have it.",
                Changes = changes,
                Notes = [.. Notes(policy), .. NotesOnVolumes(actual, changes)],
                Execute = (_, cancellationToken) => cluster.UpdatePolicyAsync(
                    policy.Name, PropertyComparison.Change(PolicyProperties.All, policy, new PolicyChange()), cancellationToken),
            };
    }

    private IReadOnlyList<string> Notes(ConfiguredPolicy policy)
    {
        var notes = AttributeComparison.NotesOn(policy.Attributes, state.Capabilities);
        return policy.SnapshotSchedule is { IsEmpty: false } && !state.Capabilities.SnapshotSchedules
            ? [.. notes, "The cluster does not take snapshots on a schedule."]
            : notes;
    }

    private IEnumerable<string> NotesOnVolumes(Policy actual, PropertyChange[] changes)
    {
        var capabilities = state.Capabilities;
        var staying = capabilities.FixedPlacementTypes.Where(type => Array.Exists(
            changes,
            change => AttributeTable.Find(change.Property) is { } attribute && AttributeComparison.IsFixed(attribute, type, capabilities)));
        return actual.VolumeCount == 0 ? [] : staying.Select(
            type =>
                $"Volumes of type {type} that have it stay as they are: the engine {capabilities.Engine} does not move them. "
                    + "New ones have what the policy asks for.");
    }

    private static IEnumerable<PropertyChange> Specified(ConfiguredPolicy policy) =>
        PropertyComparison.Specified(PolicyProperties.All, policy);
}
