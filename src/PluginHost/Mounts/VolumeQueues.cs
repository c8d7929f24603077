namespace HedvigStorage.PluginHost.Mounts;

/// <summary>One queue per volume: what is done to one volume is done in turn, and volumes do not wait for one another.</summary>
internal sealed class VolumeQueues
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the volume's turn, which ends when the result is disposed.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public async Task<IDisposable> EnterAsync(string volume, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(volume, out turn))
            {
                _turns[volume] = turn = new Turn(this, volume);
            }

            turn.Users++;
        }

        try
        {
            await turn.Semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
            return turn;
        }
        catch (OperationCanceledException)
        {
            Leave(turn);
            throw;
        }
    }

    /// <summary>Takes the volume's turn if nothing is being done to it, or else <see langword="null"/>.</summary>
    /// <param name="volume">The volume's name.</param>
    public IDisposable? TryEnter(string volume)
    {
        lock (_turns)
        {
            if (_turns.ContainsKey(volume))
            {
                return null;
            }

            var turn = new Turn(this, volume) { Users = 1 };
            turn.Semaphore.Wait();
            return _turns[volume] = turn;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _ = _turns.Remove(turn.Volume);
                turn.Semaphore.Dispose();
            }
        }
    }

    private sealed class Turn(VolumeQueues queues, string volume) : IDisposable
    {
        public string Volume { get; } = volume;

        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }

        // One turn is entered many times, one after the other; each end lets the next one in.
        public void Dispose()
        {
            _ = Semaphore.Release();
            queues.Leave(this);
        }
    }
}
