namespace HedvigStorage.Linux;

/// <summary>One lock for each key in use: what is done under one key is done in turn, and keys never wait for each other.</summary>
internal sealed class KeyedLocks
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the lock of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="limit">How long; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <returns>What gives it back when it is disposed, or <see langword="null"/> if it was not free in time.</returns>
    public async Task<IDisposable?> TryEnterAsync(string key, TimeSpan limit)
    {
        Turn? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(key, out turn))
            {
                _turns[key] = turn = new Turn(this, key);
            }

            turn.Users++;
        }

        if (await turn.Semaphore.WaitAsync(limit).ConfigureAwait(false))
        {
            return turn;
        }

        Leave(turn);
        return null;
    }

    /// <summary>Takes the lock of a key if nobody has it or waits for it, or else <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    public IDisposable? TryEnter(string key)
    {
        lock (_turns)
        {
            if (_turns.ContainsKey(key))
            {
                return null;
            }

            var turn = new Turn(this, key) { Users = 1 };
            turn.Semaphore.Wait();
            return _turns[key] = turn;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _ = _turns.Remove(turn.Key);
                turn.Semaphore.Dispose();
            }
        }
    }

    private sealed class Turn(KeyedLocks locks, string key) : IDisposable
    {
        public string Key { get; } = key;

        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }

        // One turn is entered many times, one after the other; each end lets the next one in.
        public void Dispose()
        {
            _ = Semaphore.Release();
            locks.Leave(this);
        }
    }
}
