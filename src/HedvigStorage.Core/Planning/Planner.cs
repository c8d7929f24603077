using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Compares a configuration with what is there, and orders the differences.</summary>
public sealed class Planner
{
    private readonly PlanTargets _targets;

    /// <summary>Makes a planner.</summary>
    /// <param name="targets">What to compare with.</param>
    public Planner(PlanTargets targets) => _targets = targets ?? throw new ArgumentNullException(nameof(targets));

    /// <summary>Makes a plan. Nothing is changed.</summary>
    /// <param name="configuration">What is desired.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">Something cannot be reached, or the configuration asks for what can never be, such as a smaller
    /// volume.</exception>
    public Task<Plan> PlanAsync(Configuration configuration, CancellationToken cancellationToken) =>
        PlanAsync(configuration, new PlanOptions(), cancellationToken);

    /// <summary>Makes a plan. Nothing is changed.</summary>
    /// <param name="configuration">What is desired.</param>
    /// <param name="options">What the plan covers besides.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">Something cannot be reached, the configuration asks for what can never be, such as a smaller
    /// volume, or describes an object of another document.</exception>
    public async Task<Plan> PlanAsync(Configuration configuration, PlanOptions options, CancellationToken cancellationToken)
    {
        if (configuration is null)
        {
            throw new ArgumentNullException(nameof(configuration));
        }

        var omissions = new List<string>();
        var orphans = new List<PlanObject>();
        var ownership = new Ownership(configuration);
        var state = await ClusterState.DiscoverAsync(_targets.Cluster, configuration, cancellationToken).ConfigureAwait(false);
        CheckPrune(configuration, options, state);
        await ClusterRules.CheckAsync(_targets.Cluster, configuration, options, state, cancellationToken).ConfigureAwait(false);
        var steps = PlanCluster(configuration, options, ownership, state, orphans, omissions);
        steps.AddRange(
            await new DockerPlanner(_targets).PlanAsync(configuration, ownership, options, orphans, omissions, cancellationToken)
                .ConfigureAwait(false));
        if (_targets.Docker is { } engine)
        {
            ReplacedVolumes.Connect(configuration, engine, steps);
        }

        Dependencies.Connect(configuration, state, steps);
        return new Plan(configuration, options, Order(steps), orphans, omissions);
    }

    private static void CheckPrune(Configuration configuration, PlanOptions options, ClusterState state)
    {
        if (options.Prune && configuration.Name is null)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"{configuration.Source} has no name, so it does not know what it has made and nothing can be pruned. "
                    + "Give the document a \"name\".");
        }

        if (options.Prune && !state.Owns)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The cluster keeps no labels (engine {state.Capabilities.Engine}), so it cannot be told what '{configuration.Name}' has "
                    + "made and nothing can be pruned.");
        }
    }

    private List<PlanStep> PlanCluster(
        Configuration configuration,
        PlanOptions options,
        Ownership ownership,
        ClusterState state,
        List<PlanObject> orphans,
        List<string> omissions)
    {
        var catalog = new CatalogObject(_targets.Cluster, ownership, state.Capabilities.Labels);
        var policies = new PolicyPlanner(_targets.Cluster, state, catalog);
        var volumes = new VolumePlanner(_targets.Cluster, state, catalog, configuration.Access);
        var steps = new List<PlanStep>();
        steps.AddRange(policies.Plan(configuration));
        steps.AddRange(volumes.Plan(configuration));
        var replaced = new HashSet<string>(
            steps.Where(step => step is { Kind: ResourceKind.Volume, Action: StepAction.Replace }).Select(step => step.Name),
            StringComparer.Ordinal);
        var snapshots = new SnapshotPlanner(_targets.Cluster, state, catalog, replaced);
        var access = new AccessPlanner(_targets.Cluster, state, catalog, replaced);
        steps.AddRange(snapshots.Plan(configuration));
        steps.AddRange(access.Plan(configuration));
        steps.AddRange(
            new OrphanPlanner(state, ownership, policies, volumes, snapshots, access).Plan(configuration, options, orphans, omissions));
        return steps;
    }

    // Each step after those it depends on, otherwise in the document's order.
    private static List<PlanStep> Order(List<PlanStep> steps)
    {
        var ordered = new List<PlanStep>(steps.Count);
        var byId = steps.ToDictionary(step => step.Id, StringComparer.Ordinal);
        var visited = new Dictionary<string, bool>(StringComparer.Ordinal);
        var pending = new Stack<PlanStep>();
        foreach (var root in steps)
        {
            pending.Push(root);
            while (pending.Count > 0)
            {
                var step = pending.Peek();
                if (visited.TryGetValue(step.Id, out var placed))
                {
                    _ = pending.Pop();
                    if (!placed)
                    {
                        visited[step.Id] = true;
                        ordered.Add(step);
                    }

                    continue;
                }

                visited[step.Id] = false;
                foreach (var id in step.DependsOn.Reverse())
                {
                    if (!visited.TryGetValue(id, out var done))
                    {
                        pending.Push(byId[id]);
                    }
                    else if (!done)
                    {
                        throw new ClusterException(
                            ErrorCode.InvalidArgument,
                            $"'{step.Id}' and '{id}' each need the other first. Take one of the two references out of the document.");
                    }
                }
            }
        }

        return ordered;
    }
}
