using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>Plans volumes as the Docker Engine knows them, of whatever driver. Nothing of one can be changed in place.</summary>
internal sealed class DockerVolumePlanner(
    IDockerEngine engine,
    DockerConfiguration docker,
    Ownership ownership,
    IReadOnlyDictionary<string, EngineVolume> volumes,
    IReadOnlyCollection<ContainerSummary> containers)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    public IEnumerable<PlanStep> Plan() => docker.Volumes.Select(Plan);

    public PlanStep Remove(EngineVolume volume, string reason) => new(ResourceKind.DockerVolume, volume.Name, StepAction.Remove)
    {
        Reason = reason,
        Cost = CostOf(volume),
        DestroysData = true,
        Execute = (_, cancellationToken) => engine.RemoveVolumeAsync(volume.Name, cancellationToken),
    };

    private PlanStep Plan(ConfiguredDockerVolume volume)
    {
        if (volume.Ensure == Ensure.Forgotten)
        {
            return Nothing(
                volume, "The document gives up ownership. Docker cannot take its labels away, so the document has to go on naming it.");
        }

        if (!volumes.TryGetValue(volume.Name, out var actual))
        {
            return volume.Ensure == Ensure.Absent ? Nothing(volume, "It is not there, as desired.") : Create(volume);
        }

        var step = volume.Ensure == Ensure.Absent ? Remove(actual, "The document makes it absent.")
            : Differences(volume, actual).ToArray() is { Length: > 0 } changes ? Replace(volume, actual, changes)
            : Nothing(volume, "It is as desired.");
        ownership.Check(ResourceKind.DockerVolume, volume.Name, actual.Labels, step.HasChange);
        step.Cause = step.HasChange ? ownership.CauseOf(actual.Labels, Digest(volume)) : default;
        if (IsUntold(volume, actual))
        {
            step.Notes = ["The Docker Engine did not make it and knows neither options nor labels of it: they are not compared."];
        }

        return step;
    }

    private PlanStep Create(ConfiguredDockerVolume volume) => new(ResourceKind.DockerVolume, volume.Name, StepAction.Create)
    {
        Reason = "It is not there.",
        Changes = Desired(volume).ToArray(),
        Execute = (_, cancellationToken) =>
            engine.CreateVolumeAsync(
                volume.Name,
                volume.Driver,
                volume.Options ?? None,
                DockerLabels.Join(volume.Labels, ownership.Labels(Digest(volume))),
                cancellationToken),
    };

    private PlanStep Replace(ConfiguredDockerVolume volume, EngineVolume actual, PropertyChange[] changes)
    {
        // The engine removes no volume that a container mounts, running or not.
        var users = containers.Where(container => container.Volumes.Contains(volume.Name, StringComparer.Ordinal))
            .Select(container => container.Name).ToArray();
        if (users.Length > 0)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The Docker volume '{volume.Name}' differs "
                    + $"({string.Join(", ", changes.Select(change => $"{change.Property}: {change.Before} -> {change.After}"))}) and can "
                    + $"only be recreated, but containers mount it: {string.Join(", ", users)}. Remove them first, "
                    + "or give the volume another name.");
        }

        return new PlanStep(ResourceKind.DockerVolume, volume.Name, StepAction.Replace)
        {
            Reason = $"{string.Join(" and ", changes.Select(change => change.Property))} cannot be changed in place.",
            Cost = CostOf(actual),
            Changes = changes,
            Needs = Consent.Replace,
            DestroysData = true,
            Execute = async (context, cancellationToken) =>
            {
                context.Report("removing");
                await engine.RemoveVolumeAsync(volume.Name, cancellationToken).ConfigureAwait(false);
                _ = await engine.CreateVolumeAsync(
                    volume.Name,
                    volume.Driver,
                    volume.Options ?? None,
                    DockerLabels.Join(volume.Labels, ownership.Labels(Digest(volume))),
                    cancellationToken).ConfigureAwait(false);
            },
        };
    }

    private string CostOf(EngineVolume volume) => Same(volume.Driver, docker.DriverName)
        ? "The volume is removed in the cluster too, with what is on it."
        : "What is on it is lost.";

    private IEnumerable<PropertyChange> Differences(ConfiguredDockerVolume volume, EngineVolume actual)
    {
        if (!Same(volume.Driver, actual.Driver))
        {
            yield return new PropertyChange("driver", actual.Driver, volume.Driver);
        }

        if (IsUntold(volume, actual))
        {
            yield break;
        }

        var isOurs = Same(volume.Driver, docker.DriverName);
        var desired = isOurs && volume.Options is { } options ? DriverOptions.Normal(options) : volume.Options;
        foreach (var change in MapComparison.Compare("options", desired, isOurs ? DriverOptions.Normal(
            actual.Options) : actual.Options).Concat(MapComparison.Compare("labels", volume.Labels, DockerLabels.Others(actual.Labels))))
        {
            yield return change;
        }
    }

    // What a driver lists by itself has no labels, and what this product makes has at least its own.
    private static bool IsUntold(ConfiguredDockerVolume volume, EngineVolume actual) =>
        !Same(actual.Driver, "local") && actual.Labels.Count == 0 && actual.Options.Count == 0
            && (volume.Options is { Count: > 0 } || volume.Labels is { Count: > 0 });

    private static PlanStep Nothing(ConfiguredDockerVolume volume, string reason) =>
        new(ResourceKind.DockerVolume, volume.Name, StepAction.None) { Reason = reason };

    private static string Digest(ConfiguredDockerVolume volume) => Ownership.Digest(Desired(volume));

    private static IEnumerable<PropertyChange> Desired(ConfiguredDockerVolume volume) =>
        new[] { new PropertyChange("driver", null, volume.Driver) }
        .Concat(MapComparison.Compare("options", volume.Options, None))
        .Concat(MapComparison.Compare("labels", volume.Labels, None));
}
