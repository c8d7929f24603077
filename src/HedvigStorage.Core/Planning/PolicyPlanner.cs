using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Plans policies.</summary>
internal static class PolicyPlanner
{
    public static IEnumerable<PlanStep> Plan(ICluster cluster, Configuration configuration, ClusterState state) =>
        configuration.Policies.Select(policy => state.Policies.TryGetValue(policy.Name, out var actual)
            ? PlanExisting(cluster, policy, actual, state)
            : PlanMissing(cluster, policy, state));

    private static PlanStep PlanMissing(ICluster cluster, ConfiguredPolicy policy, ClusterState state) => policy.Ensure == Ensure.Absent
        ? new PlanStep(ResourceKind.Policy, policy.Name, StepAction.None) { Reason = "It is not there, as desired." }
        : new PlanStep(ResourceKind.Policy, policy.Name, StepAction.Create)
        {
            Reason = "It is not there.",
            Changes = AttributeComparison.Specified(policy.Attributes).ToArray(),
            Notes = AttributeComparison.NotesOn(policy.Attributes, state.Capabilities),
            Execute = (_, cancellationToken) => cluster.CreatePolicyAsync(new PolicySpecification { Name = policy.Name, Description = policy.Description, Attributes = policy.Attributes, SnapshotSchedule = policy.SnapshotSchedule }, cancellationToken),
        };

    private static PlanStep PlanExisting(ICluster cluster, ConfiguredPolicy policy, Policy actual, ClusterState state)
    {
        if (policy.Ensure == Ensure.Absent)
        {
            return new PlanStep(ResourceKind.Policy, policy.Name, StepAction.Remove)
            {
                Reason = "The document makes it absent.",
                Execute = (_, cancellationToken) => cluster.DeletePolicyAsync(policy.Name, cancellationToken),
            };
        }

        var changes = AttributeComparison.Compare(actual.Requested, policy.Attributes).ToList();
        if (policy.Description is { } description && !string.Equals(description, actual.Description, System.StringComparison.Ordinal))
        {
            changes.Add(new PropertyChange("description", actual.Description, description));
        }

        return changes.Count == 0
            ? new PlanStep(ResourceKind.Policy, policy.Name, StepAction.None) { Reason = "It is as desired." }
            : new PlanStep(ResourceKind.Policy, policy.Name, StepAction.Update)
            {
                Reason = actual.VolumeCount == 0 ? "It differs." : $"It differs; {actual.VolumeCount} volumes have it.",
                Changes = changes,
                Notes = AttributeComparison.NotesOn(policy.Attributes, state.Capabilities),
                Execute = (_, cancellationToken) => cluster.UpdatePolicyAsync(policy.Name, new PolicyChange { Description = policy.Description, Attributes = policy.Attributes, SnapshotSchedule = policy.SnapshotSchedule }, cancellationToken),
            };
    }
}
