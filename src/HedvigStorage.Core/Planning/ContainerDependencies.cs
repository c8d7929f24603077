using System;
using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Which steps must come before those of containers.</summary>
internal static class ContainerDependencies
{
    public static void Connect(Configuration configuration, Dictionary<string, PlanStep> byId, Action<string, string> uses)
    {
        var docker = configuration.Docker;
        var mountsOf = (docker?.Containers ?? []).ToDictionary(
            container => PlanStep.IdOf(ResourceKind.Container, container.Name),
            container => (container.Mounts ?? []).Where(mount => mount.Driver is not null).Select(mount => mount.Source).ToArray(),
            StringComparer.Ordinal);
        foreach (var container in docker?.Containers ?? [])
        {
            var id = PlanStep.IdOf(ResourceKind.Container, container.Name);
            uses(id, PlanStep.IdOf(ResourceKind.Image, container.Image));
            uses(id, PlanStep.IdOf(ResourceKind.Plugin, docker!.DriverName));
            foreach (var volume in mountsOf[id])
            {
                uses(id, PlanStep.IdOf(ResourceKind.Volume, volume));

                // A snapshot that the same document asks for is taken before the container changes: it is there to go back to.
                foreach (var snapshot in configuration.Snapshots.Where(snapshot => string.Equals(snapshot.Volume, volume, StringComparison.Ordinal)))
                {
                    uses(id, PlanStep.IdOf(ResourceKind.Snapshot, $"{snapshot.Volume}@{snapshot.Name}"));
                }
            }

            // A container that goes away may mount any volume that goes away.
            if (byId.TryGetValue(id, out var step) && step.Action == StepAction.Remove)
            {
                foreach (var volume in configuration.Volumes.Where(volume => volume.Ensure == Ensure.Absent))
                {
                    uses(id, PlanStep.IdOf(ResourceKind.Volume, volume.Name));
                }
            }
        }
    }
}
