using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>
/// Stops the document's containers before a volume of theirs is replaced, and starts them after: a volume that is in use cannot be removed.
/// </summary>
internal static class ReplacedVolumes
{
    public static void Connect(Configuration configuration, IDockerEngine engine, List<PlanStep> steps)
    {
        foreach (var volume in steps.Where(step => step is { Kind: ResourceKind.Volume, Action: StepAction.Replace }).ToArray())
        {
            // Those that mount it now, whether or not the document still has them do so.
            var users =
                steps.Where(step => step.Kind == ResourceKind.Container && step.Mounted.Contains(volume.Name, StringComparer.Ordinal))
                    .Select(step => step.Name).ToArray();
            if (users.Length == 0)
            {
                continue;
            }

            var replace = volume.Execute!;
            volume.Cost += $" {string.Join(", ", users)} {(users.Length == 1 ? "is" : "are")} stopped meanwhile.";
            volume.Execute = async (context, cancellationToken) =>
            {
                await ContainerPlanner.StopAsync(engine, users, context, cancellationToken).ConfigureAwait(false);
                await replace(context, cancellationToken).ConfigureAwait(false);
            };
            foreach (var user in configuration.Docker?.Containers.Where(
                container =>
                    container is { Ensure: Ensure.Present, State: ContainerState.Running }
                        && users.Contains(container.Name, StringComparer.Ordinal)) ?? [])
            {
                StartAfterwards(engine, user, steps);
            }
        }
    }

    // A step that changes the container starts it by itself.
    private static void StartAfterwards(IDockerEngine engine, ConfiguredContainer container, List<PlanStep> steps)
    {
        var index = steps.FindIndex(
            step =>
                step is { Kind: ResourceKind.Container, Action: StepAction.None }
                    && string.Equals(step.Name, container.Name, StringComparison.Ordinal));
        if (index < 0)
        {
            return;
        }

        steps[index] = new PlanStep(ResourceKind.Container, container.Name, StepAction.Update)
        {
            Mounted = steps[index].Mounted,
            Connected = steps[index].Connected,
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
