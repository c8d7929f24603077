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
            var id = Id(ResourceKind.Volume, volume.Name);

            // A policy that goes away may be the one that the volume still has, which the document need not say.
            foreach (var policy in configuration.Policies.Where(policy => policy.Ensure == Ensure.Absent || string.Equals(policy.Name, volume.Policy, StringComparison.Ordinal)))
            {
                Uses(id, Id(ResourceKind.Policy, policy.Name));
            }

            if (volume.From is { } from)
            {
                Uses(id, volume.Snapshot is { } snapshot ? Id(ResourceKind.Snapshot, $"{from}@{snapshot}") : Id(ResourceKind.Volume, from));
            }
        }

        foreach (var snapshot in configuration.Snapshots)
        {
            Uses(Id(ResourceKind.Snapshot, $"{snapshot.Volume}@{snapshot.Name}"), Id(ResourceKind.Volume, snapshot.Volume));
        }

        ConnectContainers(configuration, byId, Uses);
        foreach (var step in steps)
        {
            step.DependsOn = before[step.Id].ToArray();
        }
    }

    private static void ConnectContainers(Configuration configuration, Dictionary<string, PlanStep> byId, Action<string, string> uses)
    {
        var docker = configuration.Docker;
        var mountsOf = (docker?.Containers ?? []).ToDictionary(
            container => Id(ResourceKind.Container, container.Name),
            container => (container.Mounts ?? []).Where(mount => mount.Driver is not null).Select(mount => mount.Source).ToArray(),
            StringComparer.Ordinal);
        foreach (var container in docker?.Containers ?? [])
        {
            var id = Id(ResourceKind.Container, container.Name);
            uses(id, Id(ResourceKind.Image, container.Image));
            uses(id, Id(ResourceKind.Plugin, docker!.DriverName));
            foreach (var volume in mountsOf[id])
            {
                uses(id, Id(ResourceKind.Volume, volume));

                // A snapshot that the same document asks for is taken before the container changes: it is there to go back to.
                foreach (var snapshot in configuration.Snapshots.Where(snapshot => string.Equals(snapshot.Volume, volume, StringComparison.Ordinal)))
                {
                    uses(id, Id(ResourceKind.Snapshot, $"{snapshot.Volume}@{snapshot.Name}"));
                }
            }

            // A container that goes away may mount any volume that goes away.
            if (byId.TryGetValue(id, out var step) && step.Action == StepAction.Remove)
            {
                foreach (var volume in configuration.Volumes.Where(volume => volume.Ensure == Ensure.Absent))
                {
                    uses(id, Id(ResourceKind.Volume, volume.Name));
                }
            }
        }
    }

    private static string Id(ResourceKind kind, string name) => $"{kind.ToString().ToLowerInvariant()}/{name}";
}
