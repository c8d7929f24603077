using System;
using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Stops the document's containers before a volume of theirs is replaced, and starts them after: a volume that is in use cannot be removed.</summary>
internal static class ReplacedVolumes
{
    public static void Connect(Configuration configuration, IDockerEngine engine, List<PlanStep> steps)
    {
        foreach (var volume in steps.Where(step => step is { Kind: ResourceKind.Volume, Action: StepAction.Replace }).ToArray())
        {
            var users = UsersOf(configuration, steps, volume.Name).ToArray();
            if (users.Length == 0)
            {
                continue;
            }

            var replace = volume.Execute!;
            volume.Cost += $" {string.Join(", ", users.Select(user => user.Name))} {(users.Length == 1 ? "is" : "are")} stopped meanwhile.";
            volume.Execute = async (context, cancellationToken) =>
            {
                foreach (var user in users)
                {
                    context.Report($"stopping {user.Name}");
                    await engine.StopContainerAsync(user.Name, timeout: null, cancellationToken).ConfigureAwait(false);
                }

                await replace(context, cancellationToken).ConfigureAwait(false);
            };
            foreach (var user in users.Where(user => user.State == ContainerState.Running))
            {
                StartAfterwards(engine, user, steps);
            }
        }
    }

    private static IEnumerable<ConfiguredContainer> UsersOf(Configuration configuration, List<PlanStep> steps, string volume) =>
        from container in configuration.Docker?.Containers ?? []
        where container.Ensure == Ensure.Present
        where (container.Mounts ?? []).Any(mount => mount.Driver is not null && string.Equals(mount.Source, volume, StringComparison.Ordinal))
        where steps.Exists(step => step.Kind == ResourceKind.Container && step.Action != StepAction.Create && string.Equals(step.Name, container.Name, StringComparison.Ordinal))
        select container;

    // A step that changes the container starts it by itself.
    private static void StartAfterwards(IDockerEngine engine, ConfiguredContainer container, List<PlanStep> steps)
    {
        var index = steps.FindIndex(step => step is { Kind: ResourceKind.Container, Action: StepAction.None } && string.Equals(step.Name, container.Name, StringComparison.Ordinal));
        if (index < 0)
        {
            return;
        }

        steps[index] = new PlanStep(ResourceKind.Container, container.Name, StepAction.Update)
        {
            Reason = "Its volume is replaced: it is stopped before and started after.",
            Cost = "It is down meanwhile.",
            Execute = (context, cancellationToken) =>
            {
                context.Report("starting");
                return engine.StartContainerAsync(container.Name, cancellationToken);
            },
        };
    }
}
