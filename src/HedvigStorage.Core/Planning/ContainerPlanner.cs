using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Plans containers. Most of a container cannot be changed in place: it is recreated, and its volumes are kept.</summary>
internal static class ContainerPlanner
{
    public static PlanStep Plan(IDockerEngine engine, ContainerFacts facts, Ownership ownership)
    {
        var container = facts.Desired;
        if (container.Ensure == Ensure.Forgotten)
        {
            return Nothing(container.Name, facts.Actual is null
                ? "It is not there."
                : "The document gives up ownership. Docker cannot take its labels away, so the document has to go on naming it.");
        }

        if (facts.Actual is not { } actual)
        {
            return PlanMissing(engine, facts, ownership);
        }

        var step = PlanExisting(engine, facts, actual);
        step.Identity = actual.Id;
        ownership.Check(ResourceKind.Container, container.Name, actual.Specification.Labels, step.HasChange);
        if (step.HasChange)
        {
            step.Cause = ContainerDigest.CauseOf(ownership, actual.Specification.Labels, container, step);
        }

        return string.Equals(actual.Name, container.Name, StringComparison.Ordinal)
            ? step
            : RenameFirst(engine, container.Name, actual, step);

        PlanStep PlanExisting(IDockerEngine engine, ContainerFacts facts, Container actual)
        {
            if (container.Ensure == Ensure.Absent)
            {
                return Remove(engine, container.Name, "The document makes it absent. Its named volumes are kept.", actual, facts.StopFirst);
            }

            var immutable = ContainerComparison.Immutable(facts, actual).ToArray();
            if (immutable.Length > 0)
            {
                return new PlanStep(ResourceKind.Container, container.Name, StepAction.Replace)
                {
                    Reason = $"{Names(immutable)} cannot be changed in place.",
                    Cost = "It is down while it is recreated; its volumes are kept." + LossOf(actual)
                        + ContainerLosses.Describe(facts, actual),
                    Changes =
                    [
                        .. immutable,
                        .. ContainerComparison.Mutable(facts, actual)
                        .Where(change => !string.Equals(change.Property, "health", StringComparison.Ordinal)),
                    ],
                    Needs = container.Recreate ? Consent.None : Consent.Replace,
                    DestroysData = actual.AnonymousVolumes.Count > 0,
                    Execute = (context, cancellationToken) => ReplaceAsync(engine, facts, ownership, context, cancellationToken),
                };
            }

            PropertyChange[] changes = [.. ContainerComparison.Mutable(facts, actual), .. facts.WrongOwners];
            return changes.Length == 0
                ? Nothing(container.Name, "It is as desired.")
                : new PlanStep(ResourceKind.Container, container.Name, StepAction.Update)
                {
                    Reason = $"It differs in {Names(changes)}.",
                    Cost = Stops(container, changes)
                        ? "It is stopped."
                        : facts.WrongOwners.Count > 0
                        ? "It is stopped and started again."
                        : string.Empty,
                    Changes = changes,
                    Needs = facts.WrongOwners.Count > 0 && !container.Recreate ? Consent.Replace : Consent.None,
                    Execute = (context, cancellationToken) => UpdateAsync(engine, facts, actual, context, cancellationToken),
                };
        }
    }

    /// <summary>Makes a step that removes a container.</summary>
    public static PlanStep Remove(IDockerEngine engine, string name, string reason, Container? actual, IReadOnlyList<string> stopFirst) =>
        new(ResourceKind.Container, name, StepAction.Remove)
    {
        Reason = reason,
        Cost = actual is null ? string.Empty : LossOf(actual).TrimStart(),
        DestroysData = actual is { AnonymousVolumes.Count: > 0 },
        Execute = async (context, cancellationToken) =>
        {
            await StopAsync(engine, stopFirst, context, cancellationToken).ConfigureAwait(false);
            await RemoveAsync(engine, name, context, cancellationToken).ConfigureAwait(false);
        },
    };

    /// <summary>Tells whether a step stops its container.</summary>
    public static bool Stops(ConfiguredContainer container, PlanStep step) =>
        step.Action is StepAction.Replace or StepAction.Remove || (step.Action == StepAction.Update && Stops(container, step.Changes));

    /// <summary>
    /// Stops containers one after the other, each in its own time: a database that is killed has to recover. One that is gone is stopped.
    /// </summary>
    public static async Task StopAsync(
        IDockerEngine engine, IEnumerable<string> names, StepContext context, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            context.Report($"stopping {name}");
            try
            {
                await engine.StopContainerAsync(name, timeout: null, cancellationToken).ConfigureAwait(false);
            }
            catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
            {
                // Another step of the plan was quicker.
            }
        }
    }

    private static PlanStep PlanMissing(IDockerEngine engine, ContainerFacts facts, Ownership ownership)
    {
        var container = facts.Desired;
        return container.Ensure == Ensure.Absent
            ? Nothing(container.Name, "It is not there, as desired.")
            : new PlanStep(ResourceKind.Container, container.Name, StepAction.Create)
            {
                Reason = "It is not there.",
                Changes = ContainerComparison.Specified(facts).ToArray(),
                Execute = async (context, cancellationToken) =>
                {
                    context.Report("making");
                    await engine.RemoveContainerAsync(container.Name + ContainerName.NextSuffix, force: true, cancellationToken)
                        .ConfigureAwait(false);
                    await CreateAsync(engine, container.Name, facts, ownership, cancellationToken).ConfigureAwait(false);
                    await CorrectOwnersAsync(facts, cancellationToken).ConfigureAwait(false);
                    await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
                },
            };
    }

    private static PlanStep RenameFirst(IDockerEngine engine, string name, Container actual, PlanStep step)
    {
        var change = step.Execute;
        return new PlanStep(ResourceKind.Container, name, step.Action is StepAction.None ? StepAction.Update : step.Action)
        {
            Identity = step.Identity,
            Reason = $"It is currently named '{actual.Name}' and will be renamed."
                + (step.Action is StepAction.None ? string.Empty : " " + step.Reason),
            Cost = step.Cost,
            Cause = step.Cause,
            Changes = [new PropertyChange("name", actual.Name, name), .. step.Changes],
            Needs = step.Needs,
            DestroysData = step.DestroysData,
            Execute = async (context, cancellationToken) =>
            {
                context.Report("renaming");
                await engine.RenameContainerAsync(actual.Name, name, cancellationToken).ConfigureAwait(false);
                if (change is not null)
                {
                    await change(context, cancellationToken).ConfigureAwait(false);
                }
            },
        };
    }

    private static PlanStep Nothing(string name, string reason) => new(ResourceKind.Container, name, StepAction.None) { Reason = reason };

    private static ContainerSpecification Specification(ContainerFacts facts, Ownership ownership) =>
        ContainerComparison.Specification(facts, ownership.Labels(ContainerDigest.Of(facts.Desired)));

    private static string Names(IEnumerable<PropertyChange> changes) => string.Join(" and ", changes.Select(change => change.Property));

    // What is not in a volume is in the container's own layer, which goes with it.
    private static string LossOf(Container actual) =>
        (
            actual.AnonymousVolumes.Count == 0
                ? string.Empty
                : $" Its {actual.AnonymousVolumes.Count} volumes without a name are not taken over: what is on them is lost to it.")
        + (
            actual.Specification.Labels.ContainsKey(DockerLabels.Managed) && actual.AnonymousVolumes.Count == 0
                ? string.Empty
                : " What it has written outside of volumes is lost.");

    private static bool Stops(ConfiguredContainer container, IEnumerable<PropertyChange> changes) =>
        container.State == ContainerState.Stopped
            && changes.Any(change => string.Equals(change.Property, "state", StringComparison.Ordinal));

    private static async Task ReplaceAsync(
        IDockerEngine engine, ContainerFacts facts, Ownership ownership, StepContext context, CancellationToken cancellationToken)
    {
        // What an interrupted run left behind goes first; it never ran.
        var container = facts.Desired;
        var next = container.Name + ContainerName.NextSuffix;
        await engine.RemoveContainerAsync(next, force: true, cancellationToken).ConfigureAwait(false);
        context.Report("making");
        await CreateAsync(engine, next, facts, ownership, cancellationToken).ConfigureAwait(false);
        await StopAsync(engine, facts.StopFirst, context, cancellationToken).ConfigureAwait(false);
        await RemoveAsync(engine, container.Name, context, cancellationToken).ConfigureAwait(false);
        await engine.RenameContainerAsync(next, container.Name, cancellationToken).ConfigureAwait(false);
        await CorrectOwnersAsync(facts, cancellationToken).ConfigureAwait(false);
        await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
    }

    // A container that would write elsewhere is never started.
    private static async Task CreateAsync(
        IDockerEngine engine, string name, ContainerFacts facts, Ownership ownership, CancellationToken cancellationToken)
    {
        var specification = Specification(facts, ownership);
        specification = facts.Owned is { } owned
            ? await owned.WithoutCopyAsync(specification, cancellationToken).ConfigureAwait(false)
            : specification;
        _ = await engine.CreateContainerAsync(name, specification, cancellationToken).ConfigureAwait(false);
        try
        {
            await MountCheck.RunAsync(engine, name, facts.Desired.Mounts, cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException)
        {
            await engine.RemoveContainerAsync(name, force: true, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    // In a container that is only made its volumes are mounted for this, so it is left where nothing is started.
    private static Task CorrectOwnersAsync(ContainerFacts facts, CancellationToken cancellationToken) =>
        facts is { Desired.State: ContainerState.Running, Owners: { } owners }
        ? owners.CorrectAsync(facts.Desired.Name, facts.Mounts, cancellationToken)
        : Task.CompletedTask;

    private static async Task RemoveAsync(IDockerEngine engine, string name, StepContext context, CancellationToken cancellationToken)
    {
        await StopAsync(engine, [name], context, cancellationToken).ConfigureAwait(false);
        context.Report("removing");
        await engine.RemoveContainerAsync(name, force: false, cancellationToken).ConfigureAwait(false);
    }

    private static async Task StartAsync(
        IDockerEngine engine, ConfiguredContainer container, StepContext context, CancellationToken cancellationToken)
    {
        if (container.State == ContainerState.Running)
        {
            context.Report("starting");
            await engine.StartContainerAsync(container.Name, cancellationToken).ConfigureAwait(false);
            await MountCheck.RunAsync(engine, container.Name, container.Mounts, cancellationToken).ConfigureAwait(false);
            await HealthWait.RunAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task UpdateAsync(
        IDockerEngine engine, ContainerFacts facts, Container actual, StepContext context, CancellationToken cancellationToken)
    {
        var container = facts.Desired;
        if (container.Restart is { } restart && restart != actual.Specification.Restart)
        {
            await engine.UpdateRestartPolicyAsync(container.Name, restart, cancellationToken).ConfigureAwait(false);
        }

        if (container.State == ContainerState.Stopped)
        {
            await StopAsync(engine, [.. facts.StopFirst, container.Name], context, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (actual.State is "dead" or "removing")
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"The container '{container.Name}' is {actual.State} and cannot be started. Remove it, then apply again.");
        }

        if (actual.State is "paused")
        {
            // An engine does not start what it has paused.
            context.Report("unpausing");
            await engine.UnpauseContainerAsync(container.Name, cancellationToken).ConfigureAwait(false);
        }

        if (facts.WrongOwners.Count == 0)
        {
            await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Nothing is changed under a process that has files open there.
        await StopAsync(engine, [.. facts.StopFirst, container.Name], context, cancellationToken).ConfigureAwait(false);
        context.Report("setting owners");
        await CorrectOwnersAsync(facts, cancellationToken).ConfigureAwait(false);
        await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
        await facts.Owners!.CheckAsync(container.Name, facts.Mounts, cancellationToken).ConfigureAwait(false);
    }
}
