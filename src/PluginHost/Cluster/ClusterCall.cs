namespace HedvigStorage.PluginHost.Cluster;

/// <summary>Gives every call of the cluster a limit.</summary>
internal static class ClusterCall
{
    /// <summary>Calls the cluster; the limit's end is <see cref="ErrorCode.Unreachable"/>, as nothing is known about the outcome.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="call">The call.</param>
    public static async Task<T> WithinAsync<T>(this ICluster cluster, TimeSpan limit, Func<ICluster, CancellationToken, Task<T>> call)
    {
        using var cancellation = new CancellationTokenSource(limit);
        try
        {
            return await call(cluster, cancellation.Token).WaitAsync(cancellation.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new ClusterException(
                ErrorCode.Unreachable,
                string.Create(
                    CultureInfo.InvariantCulture, $"The cluster at {cluster.Address} did not answer within {limit.TotalSeconds:0.#} s."),
                exception);
        }
    }

    /// <inheritdoc cref="WithinAsync{T}"/>
    public static Task WithinAsync(this ICluster cluster, TimeSpan limit, Func<ICluster, CancellationToken, Task> call) =>
        cluster.WithinAsync(limit, async (target, cancellationToken) =>
        {
            await call(target, cancellationToken);
            return true;
        });
}
