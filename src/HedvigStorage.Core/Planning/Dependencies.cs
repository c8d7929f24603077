using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Which steps must come before which: what is used is made before its users, and removed after them.</summary>
internal sealed class Dependencies
{
    private readonly Dictionary<string, PlanStep> _steps;
    private readonly Dictionary<string, HashSet<string>> _before;

    private Dependencies(IReadOnlyCollection<PlanStep> steps)
    {
        _steps = steps.ToDictionary(step => step.Id, StringComparer.Ordinal);
        _before = steps.ToDictionary(step => step.Id, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    public static void Connect(Configuration configuration, ClusterState state, IReadOnlyCollection<PlanStep> steps)
    {
        var dependencies = new Dependencies(steps);
        dependencies.ConnectVolumes(configuration, state);
        dependencies.ConnectSnapshots();
        dependencies.ConnectAccess();
        ContainerDependencies.Connect(configuration, dependencies._steps, dependencies.Use);
        foreach (var step in steps)
        {
            step.DependsOn = dependencies._before[step.Id].ToArray();
        }
    }

    // A user comes after what it uses, unless that is to go away: then it comes before.
    private void Use(string user, string used)
    {
        if (_steps.TryGetValue(used, out var step) && _steps.ContainsKey(user))
        {
            _ = step.Action == StepAction.Remove ? _before[used].Add(user) : _before[user].Add(used);
        }
    }

    private void ConnectVolumes(Configuration configuration, ClusterState state)
    {
        foreach (var volume in configuration.Volumes.Where(volume => volume.Ensure == Ensure.Present))
        {
            var id = PlanStep.IdOf(ResourceKind.Volume, volume.Name);
            if (volume.Policy is { } policy)
            {
                Use(id, PlanStep.IdOf(ResourceKind.Policy, policy));
            }

            if (volume.SourceVolume is { } from)
            {
                Use(id, PlanStep.IdOf(ResourceKind.Volume, from));
                if (volume.SourceSnapshot is { } snapshot)
                {
                    Use(id, PlanStep.IdOf(ResourceKind.Snapshot, ClusterState.NameOf(from, snapshot)));
                }
            }
        }

        // A policy that goes away may be one that a volume still has, which the document need not say.
        foreach (var volume in state.Volumes.Values.Where(volume => volume.Policy is not null))
        {
            var policy = PlanStep.IdOf(ResourceKind.Policy, volume.Policy!);
            if (_steps.TryGetValue(policy, out var step) && step.Action == StepAction.Remove)
            {
                Use(PlanStep.IdOf(ResourceKind.Volume, volume.Name), policy);
            }
        }
    }

    private void ConnectSnapshots()
    {
        foreach (var step in _steps.Values.Where(step => step.Kind == ResourceKind.Snapshot))
        {
            Use(step.Id, PlanStep.IdOf(ResourceKind.Volume, step.Name.Substring(0, step.Name.IndexOf('@'))));
        }
    }

    private void ConnectAccess()
    {
        var rules = _steps.Values.Where(step => step.Kind == ResourceKind.Access).ToArray();
        foreach (var step in rules)
        {
            Use(step.Id, PlanStep.IdOf(ResourceKind.Volume, step.Name.Substring(0, step.Name.IndexOf('/'))));
        }

        // The last rule takes the mapping with it. New rules come first, so that it stays where one is left, and rules go one after the
        // other, so that one is the last.
        foreach (var mapping in rules.GroupBy(
            step => step.Name.Substring(0, step.Name.IndexOf('/', step.Name.IndexOf('/') + 1)), StringComparer.Ordinal))
        {
            var removals = mapping.Where(step => step.Action == StepAction.Remove).ToArray();
            for (var index = 1; index < removals.Length; index++)
            {
                _ = _before[removals[index].Id].Add(removals[index - 1].Id);
            }

            foreach (var other in mapping.Where(step => step.Action is StepAction.Create or StepAction.Update))
            {
                foreach (var removal in removals)
                {
                    _ = _before[removal.Id].Add(other.Id);
                }
            }
        }
    }
}
