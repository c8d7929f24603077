namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Counts the requests that are being answered, so that a stop can wait for them.</summary>
internal sealed class InFlight
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IDisposable Enter()
    {
        _ = Interlocked.Increment(ref _count);
        return new Leaving(this);
    }

    /// <summary>Waits until none is left, or until the limit.</summary>
    /// <returns>Whether none is left.</returns>
    public async Task<bool> DrainAsync(TimeSpan limit, TimeProvider time)
    {
        var start = time.GetTimestamp();
        while (Volatile.Read(ref _count) > 0)
        {
            if (time.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }

        return true;
    }

    private sealed class Leaving(InFlight owner) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                _ = Interlocked.Decrement(ref owner._count);
            }
        }
    }
}
