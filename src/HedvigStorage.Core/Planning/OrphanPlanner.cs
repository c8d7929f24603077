using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Finds what the document has made and no longer describes. It is told of, and removed only if that is asked for.</summary>
internal sealed class OrphanPlanner(
    ClusterState state, Ownership ownership, PolicyPlanner policies, VolumePlanner volumes, SnapshotPlanner snapshots, AccessPlanner access)
{
    /// <summary>Why an orphan of any kind is removed.</summary>
    public const string Reason = "The document has made it and no longer describes it.";

    public IEnumerable<PlanStep> Plan(Configuration configuration, PlanOptions options, List<PlanObject> orphans, List<string> omissions)
    {
        if (!state.Owns)
        {
            return [];
        }

        var found = Find(configuration).ToArray();
        if (!options.Prune)
        {
            orphans.AddRange(found.Select(orphan => orphan.Object));
            return [];
        }

        var kept = Kept(configuration);
        foreach (var orphan in found.Where(orphan => kept.ContainsKey(orphan.Object.ToString())))
        {
            orphans.Add(orphan.Object);
            omissions.Add($"{orphan.Object} is not pruned: {kept[orphan.Object.ToString()]}");
        }

        return found.Where(orphan => !kept.ContainsKey(orphan.Object.ToString())).Select(orphan =>
        {
            var step = orphan.Remove();
            step.Needs = Consent.Remove;
            return step;
        });
    }

    private IEnumerable<(PlanObject Object, Func<PlanStep> Remove)> Find(Configuration configuration)
    {
        var described = new HashSet<string>(StringComparer.Ordinal);
        described.UnionWith(configuration.Policies.Select(policy => PlanStep.IdOf(ResourceKind.Policy, policy.Name)));
        described.UnionWith(configuration.Volumes.Select(volume => PlanStep.IdOf(ResourceKind.Volume, volume.Name)));
        described.UnionWith(
            configuration.Snapshots.Select(
                snapshot => PlanStep.IdOf(ResourceKind.Snapshot, ClusterState.NameOf(snapshot.Volume, snapshot.Name))));
        described.UnionWith(configuration.Access.Select(rule => PlanStep.IdOf(ResourceKind.Access, rule.Id)));
        var owned = state.Policies.Values.Where(policy => ownership.Owns(policy.Labels))
            .Select(
                policy =>
                    (new PlanObject(ResourceKind.Policy, policy.Name), (Func<PlanStep>)(() => policies.PlanRemoval(policy.Name, Reason))))
            .Concat(state.Volumes.Values.Where(volume => ownership.Owns(volume.Labels)).Select(
                volume => (new PlanObject(ResourceKind.Volume, volume.Name), (Func<PlanStep>)(() => volumes.PlanRemoval(volume, Reason)))))
            .Concat(
                state.Snapshots.Values.Where(snapshot => ownership.Owns(snapshot.Labels))
                    .Select(
                        snapshot =>
                            (
                                new PlanObject(ResourceKind.Snapshot, ClusterState.NameOf(snapshot.Volume, snapshot.Name)),
                                (Func<PlanStep>)(() => snapshots.PlanRemoval(snapshot.Volume, snapshot.Name, Reason)))))
            .Concat(
                state.Rules.Values.Where(rule => ownership.Owns(rule.Labels))
                    .Select(
                        rule =>
                            (
                                new PlanObject(ResourceKind.Access, ClusterState.NameOf(rule)),
                                (Func<PlanStep>)(() => access.PlanRemoval(rule, Reason)))));
        return owned.Where(pair => !described.Contains(pair.Item1.ToString()));
    }

    // What the document goes on to use, and what is protected, stays.
    private Dictionary<string, string> Kept(Configuration configuration)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in state.Volumes.Values.Where(volume => volume.Protected))
        {
            kept[PlanStep.IdOf(ResourceKind.Volume, volume.Name)] = "it is protected.";
        }

        foreach (var volume in configuration.Volumes.Where(volume => volume.Ensure == Ensure.Present))
        {
            if ((volume.Policy ?? (state.Volumes.TryGetValue(volume.Name, out var actual) ? actual.Policy : null)) is { } policy)
            {
                kept[PlanStep.IdOf(ResourceKind.Policy, policy)] = $"the volume '{volume.Name}' has it.";
            }
        }

        var users = configuration.Snapshots.Where(snapshot => snapshot.Ensure == Ensure.Present).Select(snapshot => snapshot.Volume)
            .Concat(configuration.Access.Where(rule => rule.Ensure == Ensure.Present).Select(rule => rule.Volume))
            .Concat(
                (configuration.Docker?.Containers ?? []).SelectMany(container => container.Mounts ?? [])
                    .Where(mount => mount.Driver is not null).Select(mount => mount.Source));
        foreach (var name in users)
        {
            kept[PlanStep.IdOf(ResourceKind.Volume, name)] = "the document still uses it.";
        }

        return kept;
    }
}
