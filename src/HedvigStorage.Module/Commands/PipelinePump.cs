using System.Collections.Concurrent;

namespace HedvigStorage.Commands;

/// <summary>
/// Runs asynchronous work for a cmdlet: the work runs elsewhere, and what it wants to write is done on the pipeline thread,
/// the only one that may.
/// </summary>
internal sealed class PipelinePump
{
    private BlockingCollection<Action>? _queue;

    /// <summary>Has the pipeline thread do something; when no work runs, nothing is done.</summary>
    public void Post(Action action)
    {
        try
        {
            _queue?.Add(action);
        }
        catch (InvalidOperationException)
        {
            // The work has ended, and nobody reads any more.
        }
    }

    public T Run<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var queue = new BlockingCollection<Action>();
        _queue = queue;
        try
        {
            // On the thread pool, so that no synchronization context of the host is captured.
            var task = Task.Run(() => work(cancellationToken), CancellationToken.None);
            _ = task.ContinueWith(
                _ => queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            foreach (var action in queue.GetConsumingEnumerable(CancellationToken.None))
            {
                action();
            }

#pragma warning disable RS0030 // It has ended: that completed the queue.
            return task.GetAwaiter().GetResult();
#pragma warning restore RS0030
        }
        finally
        {
            _queue = null;
        }
    }
}
