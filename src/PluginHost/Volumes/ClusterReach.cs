using System;
using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>Remembers for a few seconds that the cluster could not be reached, so that not every Get waits for it anew.</summary>
internal sealed class ClusterReach
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _time;
    private long _downUntil = long.MinValue;

    public ClusterReach(TimeProvider time) => _time = time;

    /// <summary>Gets whether the cluster could not be reached a moment ago.</summary>
    public bool IsDown => _time.GetUtcNow().UtcTicks < Volatile.Read(ref _downUntil);

    /// <summary>Makes a call and notes whether the cluster could be reached.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="call">The call.</param>
    public async Task<T> WatchAsync<T>(Func<Task<T>> call)
    {
        try
        {
            var result = await call();
            Volatile.Write(ref _downUntil, long.MinValue);
            return result;
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Unreachable or ErrorCode.Unauthorized)
        {
            Volatile.Write(ref _downUntil, (_time.GetUtcNow() + Pause).UtcTicks);
            throw;
        }
    }
}
