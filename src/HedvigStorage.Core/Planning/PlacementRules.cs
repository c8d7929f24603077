using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Finds what the cluster's storage cannot place; each set of attributes is asked about once.</summary>
/// <param name="configuration">What is desired.</param>
/// <param name="state">What is there.</param>
internal sealed class PlacementRules(Configuration configuration, ClusterState state)
{
    private readonly Dictionary<string, VolumeAttributes> _policies = configuration.Policies
        .Where(policy => policy.Ensure == Ensure.Present)
        .ToDictionary(policy => policy.Name, policy => policy.Attributes.Over(Present(state, policy.Name)), StringComparer.Ordinal);
    private readonly Dictionary<string, ConfiguredVolume> _volumes = configuration.Volumes.ToDictionary(
        volume => volume.Name, StringComparer.Ordinal);

    /// <summary>Asks the cluster about all attributes that volumes or policies get by this configuration and do not have yet.</summary>
    public async Task<IReadOnlyList<Refusal>> CheckAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        var asked = new HashSet<VolumeAttributes>();
        var refusals = new List<Refusal>();
        foreach (var (place, attributes) in Policies().Concat(Volumes())
            .Where(item => !item.Attributes.IsEmpty && asked.Add(item.Attributes)))
        {
            try
            {
                await cluster.CheckPlacementAsync(attributes, cancellationToken).ConfigureAwait(false);
            }
            catch (ClusterException error) when (error.Code is ErrorCode.Refused or ErrorCode.InvalidArgument)
            {
                refusals.Add(new Refusal($"{place}: {error.Message}", error.Code));
            }
        }

        return refusals;
    }

    private static VolumeAttributes Present(ClusterState state, string policy) =>
        state.Policies.TryGetValue(policy, out var found) ? found.Requested : VolumeAttributes.None;

    private IEnumerable<(string Place, VolumeAttributes Attributes)> Policies() => configuration.Policies
        .Select((policy, index) => (policy.Name, policy.Ensure, Index: index))
        .Where(item => item.Ensure == Ensure.Present && !_policies[item.Name].Equals(Present(state, item.Name)))
        .Select(item => (At("policies", item.Index), _policies[item.Name]));

    private IEnumerable<(string Place, VolumeAttributes Attributes)> Volumes() => configuration.Volumes
        .Select((volume, index) => (Volume: volume, Index: index))
        .Where(item => item.Volume.Ensure == Ensure.Present)
        .Select(item => (item.Volume, item.Index, Attributes: WantedOf(item.Volume)))
        .Where(item => !state.Volumes.TryGetValue(item.Volume.Name, out var actual) || !actual.Requested.Equals(item.Attributes))
        .Select(item => (At("volumes", item.Index), item.Attributes));

    private VolumeAttributes WantedOf(ConfiguredVolume volume)
    {
        var (own, policy) = (volume.Attributes, volume.Policy);
        foreach (var name in Lineage(volume))
        {
            if (state.Volumes.TryGetValue(name, out var actual))
            {
                (own, policy) = (own.Over(state.OwnAttributesOf(actual)), policy ?? actual.Policy);
                break;
            }

            if (_volumes.TryGetValue(name, out var desired))
            {
                (own, policy) = (own.Over(desired.Attributes), policy ?? desired.Policy);
            }
        }

        return policy is null ? own : own.Over(_policies.TryGetValue(policy, out var found) ? found : Present(state, policy));
    }

    // A clone starts with what its source has. Clones of each other are refused with the order of the steps.
    private IEnumerable<string> Lineage(ConfiguredVolume volume)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var name = volume.Name;
        while (name is not null && names.Add(name))
        {
            yield return name;
            name = _volumes.TryGetValue(name, out var desired) ? desired.SourceVolume : null;
        }
    }

    private static string At(string list, int index) => string.Format(CultureInfo.InvariantCulture, "$.{0}[{1}]", list, index);
}
