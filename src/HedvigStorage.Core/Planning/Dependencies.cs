using System;
using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Which steps must come before which: what is used is made before its users, and removed after them.</summary>
internal static class Dependencies
{
    public static void Connect(Configuration configuration, IReadOnlyCollection<PlanStep> steps)
    {
        var byId = steps.ToDictionary(step => step.Id, StringComparer.Ordinal);
        var before = steps.ToDictionary(step => step.Id, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);

        // A user comes after what it uses, unless that is to go away: then it comes before.
        void Uses(string user, string used)
        {
            if (byId.TryGetValue(used, out var step) && byId.ContainsKey(user))
            {
                _ = step.Action == StepAction.Remove ? before[used].Add(user) : before[user].Add(used);
            }
        }

        foreach (var volume in configuration.Volumes)
        {
            var id = PlanStep.IdOf(ResourceKind.Volume, volume.Name);

            // A policy that goes away may be the one that the volume still has, which the document need not say.
            foreach (var policy in configuration.Policies.Where(policy => policy.Ensure == Ensure.Absent || string.Equals(policy.Name, volume.Policy, StringComparison.Ordinal)))
            {
                Uses(id, PlanStep.IdOf(ResourceKind.Policy, policy.Name));
            }

            if (volume.From is { } from)
            {
                Uses(id, volume.Snapshot is { } snapshot ? PlanStep.IdOf(ResourceKind.Snapshot, $"{from}@{snapshot}") : PlanStep.IdOf(ResourceKind.Volume, from));
            }
        }

        foreach (var snapshot in configuration.Snapshots)
        {
            Uses(PlanStep.IdOf(ResourceKind.Snapshot, $"{snapshot.Volume}@{snapshot.Name}"), PlanStep.IdOf(ResourceKind.Volume, snapshot.Volume));
        }

        ContainerDependencies.Connect(configuration, byId, Uses);
        foreach (var step in steps)
        {
            step.DependsOn = before[step.Id].ToArray();
        }
    }
}
