namespace HedvigStorage.Linux;

/// <summary>
/// Threads for calls that may block for ever (mounts, file system tools, disks), apart from the thread pool that answers requests. A thread
/// is made whenever none is free, up to a limit; only beyond that does work wait for other work to end.
/// </summary>
/// <param name="limit">How many threads there are at most.</param>
/// <param name="stackBytes">The stack of a thread: calls of a library take more than those of the system.</param>
internal sealed class BlockingThreads(int limit = int.MaxValue, int stackBytes = 256 * 1024) : IDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private readonly Queue<Action> _work = new();
    private int _threads;
    private int _idle;
    private bool _ended;

    /// <summary>Runs work on one of the threads.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="work">The work.</param>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }

    /// <summary>Runs work on one of the threads.</summary>
    /// <param name="work">The work.</param>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>
    /// Takes no more work and lets threads end that have none. One that hangs in the kernel is left to the end of the process.
    /// </summary>
    public void Dispose()
    {
        lock (_work)
        {
            _ended = true;
            Monitor.PulseAll(_work);
        }
    }

    private void Enqueue(Action action)
    {
        lock (_work)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _work.Enqueue(action);

            // An idle thread that has been woken counts as idle until it runs, and its work as waiting: so one that has work is never
            // counted on.
            if (_idle >= _work.Count)
            {
                Monitor.Pulse(_work);
                return;
            }

            if (_threads == limit)
            {
                return;
            }

            _threads++;
        }

        new Thread(Serve, stackBytes) { IsBackground = true, Name = "blocking" }.Start();
    }

    private void Serve()
    {
        while (Take() is { } action)
        {
            action();
        }
    }

    // Returns null when the thread is to end.
    private Action? Take()
    {
        lock (_work)
        {
            while (_work.Count == 0)
            {
                _idle++;
                var isWoken = !_ended && Monitor.Wait(_work, IdleTime);
                _idle--;
                if (!isWoken && _work.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }

            return _work.Dequeue();
        }
    }
}
