namespace HedvigStorage.PluginHost.Native;

/// <summary>
/// Threads for work that may block for ever (mount, umount, file system tools, writes to disk), apart from the thread pool that answers requests.
/// A piece of work never waits for another one to end: there is one piece per volume at most, and a thread is made when none is free.
/// </summary>
internal sealed class BlockingThreads
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private readonly Queue<Action> _work = new();
    private int _idle;

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
            catch (Exception exception) when (exception is not OutOfMemoryException)
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

    private void Enqueue(Action action)
    {
        lock (_work)
        {
            _work.Enqueue(action);
            if (_idle >= _work.Count)
            {
                Monitor.Pulse(_work);
                return;
            }
        }

        new Thread(Serve, 256 * 1024) { IsBackground = true, Name = "blocking" }.Start();
    }

    private void Serve()
    {
        while (true)
        {
            Action action;
            lock (_work)
            {
                while (_work.Count == 0)
                {
                    _idle++;
                    var pulsed = Monitor.Wait(_work, IdleTime);
                    _idle--;
                    if (!pulsed && _work.Count == 0)
                    {
                        return;
                    }
                }

                action = _work.Dequeue();
            }

            action();
        }
    }
}
