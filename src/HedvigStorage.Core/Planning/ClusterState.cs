using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>What is there on the cluster of what a configuration names or owns: one listing of each kind, never a call an object.</summary>
internal sealed class ClusterState
{
    // Up to so many names are asked for by name; beyond, the whole listing is cheaper than the list of names.
    private const int NamesAtOnce = 500;

    private ClusterState(ClusterCapabilities capabilities, bool owns)
    {
        Capabilities = capabilities;
        Owns = owns;
    }

    public ClusterCapabilities Capabilities { get; }

    /// <summary>Gets whether the configuration can own objects here: it has a name, and the cluster keeps labels.</summary>
    public bool Owns { get; }

    public Dictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Volume> Volumes { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the snapshots by volume and name, as in <see cref="NameOf(string, string)"/>.</summary>
    public Dictionary<string, Snapshot> Snapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the access rules by volume, target and address, as in <see cref="ConfiguredAccess.Id"/>.</summary>
    public Dictionary<string, AccessRule> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the volumes that are mapped or exported, each with its target.</summary>
    public HashSet<(string Volume, string Target)> Mappings { get; } = [];

    /// <summary>The attributes of a volume's own: what it asks for is those over its policy's.</summary>
    public VolumeAttributes OwnAttributesOf(Volume? volume) => volume is null ? VolumeAttributes.None
        : AttributeComparison.Beyond(
            volume.Requested,
            volume.Policy is { } policy && Policies.TryGetValue(policy, out var found) ? found.Requested : VolumeAttributes.None);

    public static string NameOf(string volume, string snapshot) => $"{volume}@{snapshot}";

    public static string NameOf(AccessRule rule) =>
        new ConfiguredAccess { Volume = rule.Volume, Target = rule.Target, Address = rule.Address }.Id;

    public static async Task<ClusterState> DiscoverAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        var capabilities = await cluster.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        var state = new ClusterState(capabilities, configuration.Name is not null && capabilities.Labels);
        if (configuration.Policies.Count > 0 || state.Owns
            || (capabilities.Extension && configuration.Volumes.Any(volume => volume.Policy is not null)))
        {
            foreach (var policy in await cluster.ListPoliciesAsync(cancellationToken).ConfigureAwait(false))
            {
                state.Policies[policy.Name] = policy;
            }
        }

        await state.DiscoverVolumesAsync(cluster, configuration, cancellationToken).ConfigureAwait(false);
        await state.DiscoverSnapshotsAsync(cluster, configuration, cancellationToken).ConfigureAwait(false);
        await state.DiscoverAccessAsync(cluster, configuration, cancellationToken).ConfigureAwait(false);
        return state;
    }

    private async Task DiscoverVolumesAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        var names = configuration.Volumes.Select(volume => volume.Name)
            .Concat(configuration.Snapshots.Select(snapshot => snapshot.Volume))
            .Concat(configuration.Access.Select(access => access.Volume))
            .Concat(configuration.Volumes.Select(volume => volume.SourceVolume).OfType<string>())
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (names.Length == 0 && !Owns)
        {
            return;
        }

        if (!Capabilities.Extension)
        {
            foreach (var name in names)
            {
                if (await cluster.FindVolumeAsync(name, cancellationToken).ConfigureAwait(false) is { } found)
                {
                    Volumes[name] = found;
                }
            }

            return;
        }

        var query = new VolumeQuery { Names = names.Length <= NamesAtOnce && !Owns ? names : null };
        foreach (var volume in await cluster.ListAllVolumesAsync(query, cancellationToken).ConfigureAwait(false))
        {
            Volumes[volume.Name] = volume;
        }
    }

    private async Task DiscoverSnapshotsAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        var cloned = Capabilities.Extension
            ? configuration.Volumes.Where(volume => volume.SourceSnapshot is not null && !Volumes.ContainsKey(volume.Name))
                .Select(volume => volume.SourceVolume).OfType<string>()
            : [];
        var volumes = configuration.Snapshots.Select(snapshot => snapshot.Volume).Concat(cloned).Distinct(StringComparer.Ordinal).ToArray();
        if (volumes.Length == 0 && !Owns)
        {
            return;
        }

        var query = new SnapshotQuery { Volume = volumes.Length == 1 && !Owns ? volumes[0] : null };
        foreach (var snapshot in await cluster.ListAllSnapshotsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            Snapshots[NameOf(snapshot.Volume, snapshot.Name)] = snapshot;
        }
    }

    private async Task DiscoverAccessAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        if (configuration.Access.Count == 0 && !Owns)
        {
            return;
        }

        if (Capabilities.Extension)
        {
            var all = await cluster.Access.ListAllAsync(cancellationToken).ConfigureAwait(false);
            Add(all.Rules, all.Luns, all.Exports);
            return;
        }

        foreach (var volume in configuration.Access.Select(
            access => access.Volume).Distinct(StringComparer.Ordinal).Where(Volumes.ContainsKey))
        {
            Add(
                await cluster.Access.ListRulesAsync(volume, cancellationToken).ConfigureAwait(false),
                await cluster.Access.ListLunsAsync(volume, cancellationToken).ConfigureAwait(false),
                await cluster.Access.ListExportsAsync(volume, cancellationToken).ConfigureAwait(false));
        }
    }

    private void Add(IReadOnlyList<AccessRule> rules, IReadOnlyList<Lun> luns, IReadOnlyList<Export> exports)
    {
        foreach (var rule in rules)
        {
            Rules[NameOf(rule)] = rule;
        }

        Mappings.UnionWith(luns.Select(lun => (lun.Volume, lun.Target)));
        Mappings.UnionWith(exports.Select(export => (export.Volume, export.Target)));
    }
}
