using HedvigStorage.PluginHost.Cluster;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>
/// Tells what a container engine must not remove: <c>podman volume prune</c> lists all volumes of the driver and removes each that none of
/// its containers uses, and an engine cannot be told from its user. So the removal of what others made takes another way.
/// </summary>
internal sealed class RemovalCheck(ICluster cluster, RemovalPolicy policy)
{
    /// <summary>Gets what the labels of a volume have to be so that it is the engine's to remove.</summary>
    public RemovalCondition Condition { get; } = new()
    {
        UnlessLabelled = [ObjectLabels.Document],
        IfLabelled = policy == RemovalPolicy.Own ? VolumeOrigin.OfPluginHost : ObjectLabels.None,
    };

    /// <summary>Refuses the removal of a volume that is not the engine's to remove; one that is not there may be removed.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="limit">How long the cluster may take.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: whose it is, and how it is removed; or the cluster cannot
    /// be asked.</exception>
    public Task CheckAsync(string name, TimeSpan limit) => cluster.WithinAsync(limit, async (asked, cancellationToken) =>
    {
        if (await asked.FindVolumeAsync(name, cancellationToken) is not { } volume)
        {
            return;
        }

        if (volume.Labels.TryGetValue(ObjectLabels.Document, out var document))
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"Volume '{name}' belongs to the document '{document}', so it is not removed from here. Give it \"ensure\": "
                    + "\"Absent\" there and apply the document, or remove it with Remove-HvVolume.");
        }

        if (policy == RemovalPolicy.Own && !VolumeOrigin.IsPluginHost(volume.Labels) && await KeepsLabelsAsync(asked, cancellationToken))
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"Volume '{name}' was not made through a plugin host, so it is not removed from here: others may rely on it, "
                    + "and a prune removes whatever no container uses. Remove it with Remove-HvVolume, "
                    + "or start the plugin host with '--remove Any' (HV_REMOVE=Any).");
        }
    });

    // A cluster that keeps no labels cannot tell what was made through a plugin host.
    private static async Task<bool> KeepsLabelsAsync(ICluster cluster, CancellationToken cancellationToken) =>
        (await cluster.GetCapabilitiesAsync(cancellationToken)).Labels;
}
