using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Engines.Embedded;

/// <summary>
/// Threads for system calls that may block for ever, apart from the pool that answers requests. One is started whenever none is idle,
/// up to a limit; beyond it work waits.
/// </summary>
internal sealed class StorageThreads : IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly int _limit;
    private readonly Lock _gate = new();
    private int _threads;

    // Work that is queued or being done. Each has a thread of its own, up to the limit: one that has taken work is never counted on for more.
    private int _work;

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
        lock (_gate)
        {
            _work++;
            if (_work > _threads && _threads < _limit)
            {
                _threads++;
                new Thread(Loop) { IsBackground = true, Name = "storage" }.Start();
            }
        }

        return completion.Task;
    }

    /// <summary>Lets idle threads end. A thread that hangs in the kernel is left to the end of the process.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        while (true)
        {
            try
            {
                if (!_queue.TryTake(out var work, Timeout.Infinite))
                {
                    return;
                }

                work();
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            lock (_gate)
            {
                _work--;
            }
        }
    }
}
