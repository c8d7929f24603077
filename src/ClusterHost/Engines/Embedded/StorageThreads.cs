using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.ClusterHost.Engines.Embedded;

/// <summary>
/// Threads for system calls that may block for ever, apart from the pool that answers requests. One is started whenever none is idle,
/// up to a limit; beyond it work waits.
/// </summary>
internal sealed class StorageThreads : IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly int _limit;
    private int _threads;
    private int _idle;

    public StorageThreads(int limit) => _limit = limit;

    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    public Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception error)
            {
                completion.SetException(error);
            }
        });
        if (Volatile.Read(ref _idle) < _queue.Count && Volatile.Read(ref _threads) < _limit)
        {
            _ = Interlocked.Increment(ref _threads);
            new Thread(Loop) { IsBackground = true, Name = "storage" }.Start();
        }

        return completion.Task;
    }

    /// <summary>Lets idle threads end. A thread that hangs in the kernel is left to the end of the process.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        while (true)
        {
            _ = Interlocked.Increment(ref _idle);
            try
            {
                if (!_queue.TryTake(out var work, Timeout.Infinite))
                {
                    return;
                }

                _ = Interlocked.Decrement(ref _idle);
                work();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}
