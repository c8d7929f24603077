namespace HedvigStorage.Commands;

/// <summary>
/// Does several pieces of work of a cmdlet at once, and has what each one tells done on the pipeline thread, the only one that may write,
/// in the order in which the work was added. A piece is one request; it may be about several objects, and then tells of all of them.
/// </summary>
/// <param name="limit">The most pieces that are worked on at once.</param>
/// <param name="stopping">Ends all work.</param>
internal sealed class OrderedWork(int limit, CancellationToken stopping)
{
    private readonly Queue<Task<Action>> _pieces = new();
    private readonly List<Task> _running = [];

    /// <summary>Begins a piece of work as soon as it may, and tells meanwhile what has ended.</summary>
    /// <param name="work">Does it and returns what is to be done on the pipeline thread then.</param>
    /// <exception cref="OperationCanceledException">The work is to end.</exception>
    public void Add(Func<CancellationToken, Task<Action>> work)
    {
        // On the thread pool, so that no synchronization context of the host is captured.
        var piece = Task.Run(() => work(stopping), stopping);
        _pieces.Enqueue(piece);
        _running.Add(piece);

        // The place is waited for after, not before: with a limit of one each object is told of before the next one is taken.
        while (_running.Count >= limit)
        {
            _ = Task.WaitAny([.. _running], stopping);
            _ = _running.RemoveAll(task => task.IsCompleted);
        }

        Tell(task => task.IsCompleted);
    }

    /// <summary>Waits for all work and tells what has ended, each as soon as its turn comes.</summary>
    /// <exception cref="OperationCanceledException">The work is to end.</exception>
    public void Complete() => Tell(task =>
    {
        Task.WaitAny([task], stopping);
        return true;
    });

    private void Tell(Func<Task, bool> hasEnded)
    {
        while (_pieces.Count > 0 && hasEnded(_pieces.Peek()))
        {
#pragma warning disable RS0030 // It has ended.
            var tell = _pieces.Dequeue().GetAwaiter().GetResult();
#pragma warning restore RS0030
            tell();
        }
    }
}
