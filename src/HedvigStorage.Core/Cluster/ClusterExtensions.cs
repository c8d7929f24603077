namespace HedvigStorage;

/// <summary>Shorter ways to say what <see cref="ICluster"/> does.</summary>
public static class ClusterExtensions
{
    /// <summary>Makes a snapshot without labels.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="name">The name; without one the cluster chooses it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">As <see cref="ICluster.CreateSnapshotAsync"/>.</exception>
    public static Task<Snapshot> CreateSnapshotAsync(
        this ICluster cluster, string volume, string? name, CancellationToken cancellationToken) =>
        cluster.CreateSnapshotAsync(volume, name, ObjectLabels.None, cancellationToken);

    /// <summary>
    /// Makes volumes one after the other. Where the cluster cannot be reached any more, or does not know the user, the rest is not tried.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="specifications">The volumes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What became of each, in the order of the specifications.</returns>
    public static async Task<IReadOnlyList<VolumeCreation>> CreateEachVolumeAsync(
        this ICluster cluster, IReadOnlyList<VolumeSpecification> specifications, CancellationToken cancellationToken)
    {
        var outcomes = new List<VolumeCreation>(specifications.Count);
        ClusterException? end = null;
        foreach (var specification in specifications)
        {
            try
            {
                outcomes.Add(end is null
                    ? VolumeCreation.Made(await cluster.CreateVolumeAsync(specification, cancellationToken).ConfigureAwait(false))
                    : VolumeCreation.Failed(end));
            }
            catch (ClusterException exception)
            {
                outcomes.Add(VolumeCreation.Failed(exception));
                end = exception.Code is ErrorCode.Unreachable or ErrorCode.Unauthorized ? exception : null;
            }
        }

        return outcomes;
    }

    /// <summary>Lists all volumes of a query, page after page.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">As <see cref="ICluster.ListVolumesAsync"/>.</exception>
    public static async Task<IReadOnlyList<Volume>> ListAllVolumesAsync(
        this ICluster cluster, VolumeQuery query, CancellationToken cancellationToken)
    {
        var all = new List<Volume>();
        do
        {
            var page = await cluster.ListVolumesAsync(query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items);
            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
        return all;
    }

    /// <summary>Lists all snapshots of a query, page after page.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">As <see cref="ICluster.ListSnapshotsAsync"/>.</exception>
    public static async Task<IReadOnlyList<Snapshot>> ListAllSnapshotsAsync(
        this ICluster cluster, SnapshotQuery query, CancellationToken cancellationToken)
    {
        var all = new List<Snapshot>();
        do
        {
            var page = await cluster.ListSnapshotsAsync(query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items);
            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
        return all;
    }
}
