namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>One lock a volume name, so that volumes never wait for each other.</summary>
internal sealed class NameLocks(TimeSpan limit)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Takes the locks of some names, always in the same order.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: another operation holds one for too long.</exception>
    public async Task<IDisposable> TakeAsync(params string[] names)
    {
        var held = new Held(this);
        foreach (var name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var entry = Rent(name);
            if (!await entry.Semaphore.WaitAsync(limit))
            {
                Return(name, entry);
                held.Dispose();
                throw new ClusterException(ErrorCode.Busy, $"Another operation on the volume '{name}' has not ended within {limit.TotalSeconds:0} seconds. Try again later.");
            }

            held.Add(name, entry);
        }

        return held;
    }

    /// <summary>Takes the lock of a name if that is free now, or soon.</summary>
    public async Task<IDisposable?> TryTakeAsync(string name)
    {
        var entry = Rent(name);
        if (!await entry.Semaphore.WaitAsync(TimeSpan.FromSeconds(1)))
        {
            Return(name, entry);
            return null;
        }

        var held = new Held(this);
        held.Add(name, entry);
        return held;
    }

    private Entry Rent(string name)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                entry = new Entry();
                _entries.Add(name, entry);
            }

            entry.Users++;
            return entry;
        }
    }

    private void Return(string name, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users == 0)
            {
                _ = _entries.Remove(name);
                entry.Semaphore.Dispose();
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Held(NameLocks owner) : IDisposable
    {
        private readonly List<(string Name, Entry Entry)> _entries = [];

        public void Add(string name, Entry entry) => _entries.Add((name, entry));

        public void Dispose()
        {
            foreach (var (name, entry) in _entries)
            {
                _ = entry.Semaphore.Release();
                owner.Return(name, entry);
            }

            _entries.Clear();
        }
    }
}
