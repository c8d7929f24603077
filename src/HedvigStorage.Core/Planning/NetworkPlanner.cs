using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Plans networks: those that the document describes, and those that its containers only name. Nothing of a network can be changed in
/// place.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="docker">What is desired.</param>
/// <param name="ownership">Whose objects are.</param>
/// <param name="networks">What is there, by names.</param>
/// <param name="going">The containers that the plan removes besides those that the document describes.</param>
internal sealed class NetworkPlanner(
    IDockerEngine engine,
    DockerConfiguration docker,
    Ownership ownership,
    IReadOnlyDictionary<string,
    EngineNetwork> networks,
    IReadOnlyCollection<string> going)
{
    public async Task<IReadOnlyList<PlanStep>> PlanAsync(CancellationToken cancellationToken)
    {
        var steps = new List<PlanStep>();
        foreach (var network in docker.Networks)
        {
            steps.Add(await PlanAsync(network, cancellationToken).ConfigureAwait(false));
        }

        // A network that containers only name is used as it is, whoever made it.
        steps.AddRange(
            NamedOnly(docker).Where(name => !networks.ContainsKey(name)).Select(name => Create(new ConfiguredNetwork { Name = name })));
        return steps;
    }

    /// <summary>Names the networks that the document has, described or only named by containers.</summary>
    public static IEnumerable<string> Names(DockerConfiguration docker) =>
        docker.Networks.Select(network => network.Name).Concat(NamedOnly(docker));

    public static PlanStep Remove(IDockerEngine engine, EngineNetwork network, string reason) =>
        new(ResourceKind.Network, network.Name, StepAction.Remove)
    {
        Reason = reason,
        Execute = (_, cancellationToken) => engine.RemoveNetworkAsync(network.Id, cancellationToken),
    };

    private static IEnumerable<string> NamedOnly(DockerConfiguration docker) => docker.Containers
        .Where(container => container.Ensure == Ensure.Present && ConfiguredNetwork.IsMade(container.Network))
        .Select(container => container.Network!)
        .Distinct(StringComparer.Ordinal)
        .Where(name => docker.Networks.All(network => !Same(network.Name, name)));

    private async Task<PlanStep> PlanAsync(ConfiguredNetwork network, CancellationToken cancellationToken)
    {
        if (network.Ensure == Ensure.Forgotten)
        {
            return Nothing(
                network, "The document gives up ownership. Docker cannot take its labels away, so the document has to go on naming it.");
        }

        if (!networks.TryGetValue(network.Name, out var actual))
        {
            return network.Ensure == Ensure.Absent ? Nothing(network, "It is not there, as desired.") : Create(network);
        }

        var step = network.Ensure == Ensure.Absent ? Remove(engine, actual, "The document makes it absent.")
            : Differences(network, actual).ToArray() is { Length: > 0 } changes
                ? await ReplaceAsync(network, actual, changes, cancellationToken).ConfigureAwait(false)
            : Nothing(network, "It is as desired.");
        step.Identity = actual.Id;
        ownership.Check(ResourceKind.Network, network.Name, actual.Labels, step.HasChange);
        step.Cause = step.HasChange ? ownership.CauseOf(actual.Labels, Digest(network)) : default;
        return step;
    }

    private PlanStep Create(ConfiguredNetwork network) => new(ResourceKind.Network, network.Name, StepAction.Create)
    {
        Reason = "It is not there.",
        Changes = Desired(network).ToArray(),
        Execute = (_, cancellationToken) => engine.CreateNetworkAsync(Specification(network), cancellationToken),
    };

    private async Task<PlanStep> ReplaceAsync(
        ConfiguredNetwork network, EngineNetwork actual, PropertyChange[] changes, CancellationToken cancellationToken)
    {
        var connected = (await engine.FindNetworkAsync(actual.Id, cancellationToken).ConfigureAwait(false))?.Containers ?? [];
        var own = docker.Containers.Where(container => container.Ensure != Ensure.Forgotten).Select(container => container.Name)
            .Concat(going).ToArray();
        var others = connected.Except(own, StringComparer.Ordinal).ToArray();
        if (others.Length > 0)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The network '{network.Name}' differs "
                    + $"({string.Join(", ", changes.Select(change => $"{change.Property}: {change.Before} -> {change.After}"))}) and can "
                    + "only be recreated, but containers that the document does not describe are connected to it: "
                    + $"{string.Join(", ", others)}. Disconnect or stop them, or give the network another name.");
        }

        // The last of them to be started is stopped first.
        var stops = connected.SelectMany(
            name =>
                ContainerOrder.DependentsOf(docker.Containers, name).Where(other => connected.Contains(other, StringComparer.Ordinal))
                    .Concat([name])).Distinct(StringComparer.Ordinal).ToArray();
        return new PlanStep(ResourceKind.Network, network.Name, StepAction.Replace)
        {
            Reason = $"{string.Join(" and ", changes.Select(change => change.Property))} cannot be changed in place.",
            Cost = connected.Count == 0
                ? string.Empty
                : $"The containers that are connected are down while it is recreated: {string.Join(", ", connected)}.",
            Changes = changes,
            Needs = Consent.Replace,
            Execute = async (context, token) =>
            {
                await ContainerPlanner.StopAsync(engine, stops, context, token).ConfigureAwait(false);
                await engine.RemoveNetworkAsync(actual.Id, token).ConfigureAwait(false);
                _ = await engine.CreateNetworkAsync(Specification(network), token).ConfigureAwait(false);
            },
        };
    }

    private NetworkSpecification Specification(ConfiguredNetwork network) => new()
    {
        Name = network.Name,
        Driver = network.Driver ?? ConfiguredNetwork.DefaultDriver,
        Internal = network.Internal ?? false,
        Labels = DockerLabels.Join(network.Labels, ownership.Labels(Digest(network))),
    };

    private static PlanStep Nothing(ConfiguredNetwork network, string reason) =>
        new(ResourceKind.Network, network.Name, StepAction.None) { Reason = reason };

    private static string Digest(ConfiguredNetwork network) => Ownership.Digest(Desired(network));

    private static IEnumerable<PropertyChange> Desired(ConfiguredNetwork network) =>
        NetworkProperties.All.SelectMany(property => property.Specified(network));

    private static IEnumerable<PropertyChange> Differences(ConfiguredNetwork network, EngineNetwork actual) =>
        NetworkProperties.All.SelectMany(property => property.Differences(network, actual));
}
