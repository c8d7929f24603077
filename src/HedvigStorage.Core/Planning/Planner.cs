using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
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
    /// <exception cref="ClusterException">Something cannot be reached, or the configuration asks for what can never be, such as a smaller volume.</exception>
    public Task<Plan> PlanAsync(Configuration configuration, CancellationToken cancellationToken) => PlanAsync(configuration, new PlanOptions(), cancellationToken);

    /// <summary>Makes a plan. Nothing is changed.</summary>
    /// <param name="configuration">What is desired.</param>
    /// <param name="options">What the plan covers besides.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">Something cannot be reached, the configuration asks for what can never be, such as a smaller volume, or describes an object of another document.</exception>
    public async Task<Plan> PlanAsync(Configuration configuration, PlanOptions options, CancellationToken cancellationToken)
    {
        if (configuration is null)
        {
            throw new ArgumentNullException(nameof(configuration));
        }

        var omissions = new List<string>();
        var state = await ClusterState.DiscoverAsync(_targets.Cluster, configuration, cancellationToken).ConfigureAwait(false);
        var steps = new List<PlanStep>();
        steps.AddRange(PolicyPlanner.Plan(_targets.Cluster, configuration, state));
        steps.AddRange(VolumePlanner.Plan(_targets.Cluster, configuration, state));
        steps.AddRange(SnapshotPlanner.Plan(_targets.Cluster, configuration, state));
        var orphans = new List<PlanObject>();
        steps.AddRange(await new DockerPlanner(_targets).PlanAsync(configuration, new Ownership(configuration), options, orphans, omissions, cancellationToken).ConfigureAwait(false));
        Dependencies.Connect(configuration, steps);
        return new Plan(configuration, options, Order(steps), orphans, omissions);
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
                        throw new ClusterException(ErrorCode.InvalidArgument, $"'{step.Id}' and '{id}' each need the other first. Take one of the two references out of the document.");
                    }
                }
            }
        }

        return ordered;
    }
}
