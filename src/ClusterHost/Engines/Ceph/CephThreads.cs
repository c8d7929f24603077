using System.Collections.Concurrent;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Threads for calls of Ceph's libraries, apart for each pool: what waits for one pool keeps no call to another waiting. A call that copies
/// nothing has a limit. One that passes it is given up, not ended: its thread comes back when the library does.
/// </summary>
internal sealed class CephThreads(TimeSpan limit, TimeProvider time) : IDisposable
{
    private const int CallsAtOnce = 32;
    private const int CopiesAtOnce = 4;
    private const int StackBytes = 1 << 20;

    private readonly ConcurrentDictionary<string, BlockingThreads> _short = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BlockingThreads> _long = new(StringComparer.Ordinal);
    private int _running;

    /// <summary>Gets how many calls have not come back.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Makes a call that ends soon, or else is given up.</summary>
    /// <exception cref="TimeoutException">It has not ended within the limit, and may have its effect yet.</exception>
    public Task<T> RunAsync<T>(string pool, Func<T> call) =>
        _short.GetOrAdd(pool, static _ => new BlockingThreads(CallsAtOnce, StackBytes)).RunAsync(Count(call)).WaitAsync(limit, time);

    /// <summary>Makes a call that copies data and takes as long as that does.</summary>
    public Task<T> CopyAsync<T>(string pool, Func<T> call) =>
        _long.GetOrAdd(pool, static _ => new BlockingThreads(CopiesAtOnce, StackBytes)).RunAsync(Count(call));

    public void Dispose()
    {
        foreach (var threads in _short.Values.Concat(_long.Values))
        {
            threads.Dispose();
        }
    }

    private Func<T> Count<T>(Func<T> call) => () =>
    {
        _ = Interlocked.Increment(ref _running);
        try
        {
            return call();
        }
        finally
        {
            _ = Interlocked.Decrement(ref _running);
        }
    };
}
