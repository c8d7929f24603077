namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>
/// Lets one piece of work through at a time, taking turns: first among groups, then among the lanes of a group, then in the order of
/// coming. However many one group sends, another waits for one piece of work of each group before its own.
/// </summary>
internal sealed class FairGate
{
    private const int MostInLane = 64;
    private const int MostInAll = 1024;

    private readonly Lock _lock = new();
    private readonly Turns<Turns<Queue<TaskCompletionSource>>> _groups = new();
    private bool _taken;
    private int _waiting;

    /// <summary>Gets how many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Gets whether nobody is in it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return !_taken;
            }
        }
    }

    /// <summary>Waits for a turn and does the work in it.</summary>
    /// <param name="group">Whose work it is, such as a user of the machine.</param>
    /// <param name="lane">What it is for within the group, such as a user of the cluster.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: too much waits already.</exception>
    public async Task<T> RunAsync<T>(string group, string lane, Func<T> work)
    {
        await EnterAsync(group, lane);
        try
        {
            return work();
        }
        finally
        {
            Leave();
        }
    }

    private Task EnterAsync(string group, string lane)
    {
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return Task.CompletedTask;
            }

            var lanes = _groups.Find(group) ?? new Turns<Queue<TaskCompletionSource>>();
            var queue = lanes.Find(lane) ?? new Queue<TaskCompletionSource>();
            if (_waiting >= MostInAll || queue.Count >= MostInLane)
            {
                throw new ClusterException(ErrorCode.Busy, "Too many log-ins are waiting. Try again later.");
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(turn);
            lanes.Add(lane, queue);
            _groups.Add(group, lanes);
            _waiting++;
            return turn.Task;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (_groups.Take() is not var (group, lanes))
            {
                _taken = false;
                return;
            }

            var (lane, queue) = lanes.Take()!.Value;
            _waiting--;
            queue.Dequeue().SetResult();
            if (queue.Count > 0)
            {
                lanes.Add(lane, queue);
            }

            if (!lanes.IsEmpty)
            {
                _groups.Add(group, lanes);
            }
        }
    }

    /// <summary>Those that wait, each of whom has a turn before anybody has a second.</summary>
    private sealed class Turns<T>
        where T : class
    {
        private readonly Dictionary<string, T> _items = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();

        public bool IsEmpty => _items.Count == 0;

        public T? Find(string name) => _items.GetValueOrDefault(name);

        public void Add(string name, T item)
        {
            if (_items.TryAdd(name, item))
            {
                _order.Enqueue(name);
            }
        }

        public (string Name, T Item)? Take()
        {
            if (!_order.TryDequeue(out var name))
            {
                return null;
            }

            _ = _items.Remove(name, out var item);
            return (name, item!);
        }
    }
}
