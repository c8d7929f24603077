namespace HedvigStorage.PluginHost.Cluster;

/// <summary>Remembers for a few seconds that the cluster could not be reached, so that not every Get waits for it again.</summary>
internal sealed class ClusterReach
{
    private const long NotDown = long.MinValue;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _time;
    private long _downSince = NotDown;

    public ClusterReach(TimeProvider time) => _time = time;

    /// <summary>Gets whether the cluster could not be reached a moment ago.</summary>
    // By the clock that nobody sets: one that was ahead would keep the cluster down for as long.
    public bool IsDown => Volatile.Read(ref _downSince) is var since && since != NotDown && _time.GetElapsedTime(since) < Pause;

    /// <summary>Makes a call and notes whether the cluster could be reached.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="call">The call.</param>
    public async Task<T> WatchAsync<T>(Func<Task<T>> call)
    {
        try
        {
            var result = await call();
            Volatile.Write(ref _downSince, NotDown);
            return result;
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Unreachable or ErrorCode.Unauthorized)
        {
            Volatile.Write(ref _downSince, _time.GetTimestamp());
            throw;
        }
    }
}
