using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>What is there on the cluster of what a configuration names: one listing of each kind, never a call an object.</summary>
internal sealed class ClusterState
{
    // Up to so many names are asked for by name; beyond, the whole listing is cheaper than the list of names.
    private const int NamesAtOnce = 500;

    private ClusterState(ClusterCapabilities capabilities) => Capabilities = capabilities;

    public ClusterCapabilities Capabilities { get; }

    public Dictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Volume> Volumes { get; } = new(StringComparer.Ordinal);

    public HashSet<(string Volume, string Name)> Snapshots { get; } = [];

    public static async Task<ClusterState> DiscoverAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        var state = new ClusterState(await cluster.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false));
        if (configuration.Policies.Count > 0)
        {
            foreach (var policy in await cluster.ListPoliciesAsync(cancellationToken).ConfigureAwait(false))
            {
                state.Policies[policy.Name] = policy;
            }
        }

        await state.DiscoverVolumesAsync(cluster, configuration, cancellationToken).ConfigureAwait(false);
        if (configuration.Snapshots.Count > 0)
        {
            await state.DiscoverSnapshotsAsync(cluster, configuration, cancellationToken).ConfigureAwait(false);
        }

        return state;
    }

    private async Task DiscoverVolumesAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        var names = configuration.Volumes.Select(volume => volume.Name)
            .Concat(configuration.Snapshots.Select(snapshot => snapshot.Volume))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (names.Length == 0)
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

        var query = new VolumeQuery { Names = names.Length <= NamesAtOnce ? names : null };
        do
        {
            var page = await cluster.ListVolumesAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var volume in page.Items)
            {
                Volumes[volume.Name] = volume;
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
    }

    private async Task DiscoverSnapshotsAsync(ICluster cluster, Configuration configuration, CancellationToken cancellationToken)
    {
        var volumes = configuration.Snapshots.Select(snapshot => snapshot.Volume).Distinct(StringComparer.Ordinal).ToArray();
        var query = new SnapshotQuery { Volume = volumes.Length == 1 ? volumes[0] : null };
        do
        {
            var page = await cluster.ListSnapshotsAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var snapshot in page.Items)
            {
                _ = Snapshots.Add((snapshot.Volume, snapshot.Name));
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
    }
}
