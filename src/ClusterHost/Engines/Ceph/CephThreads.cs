using System.Collections.Concurrent;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Threads for calls of Ceph's libraries, apart for each pool: what waits for one pool keeps no call to another waiting. A call that copies
/// nothing has a limit. One that passes it is given up: if it has not begun it never does, else its thread comes back when the library
/// does.
/// </summary>
internal sealed class CephThreads(TimeSpan limit, TimeProvider time) : IDisposable
{
    private const int CallsAtOnce = 32;
    private const int CopiesAtOnce = 4;
    private const int StackBytes = 1 << 20;

    private readonly ConcurrentDictionary<string, BlockingThreads> _short = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BlockingThreads> _long = new(StringComparer.Ordinal);
    private int _running;

    /// <summary>Gets how many calls wait or have not come back.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Makes a call that ends soon, or else is given up.</summary>
    /// <exception cref="TimeoutException">It has not ended within the limit, and may have its effect yet.</exception>
    public async Task<T> RunAsync<T>(string pool, Func<T> call)
    {
        var turn = new Turn();
        var threads = _short.GetOrAdd(pool, static _ => new BlockingThreads(CallsAtOnce, StackBytes));
        try
        {
            return await threads.RunAsync(Count(() => turn.TryBegin() ? call() : throw new TimeoutException())).WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            turn.GiveUp();
            throw;
        }
    }

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

    private Func<T> Count<T>(Func<T> call)
    {
        _ = Interlocked.Increment(ref _running);
        return () => Run(call);
    }

    private T Run<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        finally
        {
            _ = Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>A call either begins or is given up before it has.</summary>
    private sealed class Turn
    {
        private int _taken;

        public bool TryBegin() => Interlocked.Exchange(ref _taken, 1) == 0;

        public void GiveUp() => _ = Interlocked.Exchange(ref _taken, 1);
    }
}
