using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// What volumes take up, as it was when it was last looked at: a look opens the image, which takes too long for a listing. Whoever asks
/// for a number that is old has it looked at again, one volume after the other.
/// </summary>
/// <param name="measure">Looks at a volume.</param>
/// <param name="time">The clock.</param>
internal sealed class UsageCache(Func<string, Task<long>> measure, TimeProvider time)
{
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (long Bytes, long At)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _waiting = new();
    private int _looking;

    /// <summary>Tells what a volume takes up, or <see langword="null"/> if nobody has looked yet.</summary>
    public long? Find(string volumeId)
    {
        var isKnown = _known.TryGetValue(volumeId, out var known);
        if (!isKnown || time.GetElapsedTime(known.At) > Fresh)
        {
            LookSoon(volumeId);
        }

        return isKnown ? known.Bytes : null;
    }

    public void Put(string volumeId, long bytes) => _known[volumeId] = (bytes, time.GetTimestamp());

    public void Forget(string volumeId) => _known.TryRemove(volumeId, out _);

    private void LookSoon(string volumeId)
    {
        if (_waiting.Count >= MostWaiting || !_asked.TryAdd(volumeId, value: true))
        {
            return;
        }

        _waiting.Enqueue(volumeId);
        if (Interlocked.Exchange(ref _looking, 1) == 0)
        {
            _ = LookAsync();
        }
    }

    private async Task LookAsync()
    {
        while (true)
        {
            while (_waiting.TryDequeue(out var volumeId))
            {
                try
                {
                    Put(volumeId, await measure(volumeId));
                }
                catch (Exception error) when (error is ClusterException or CephException or TimeoutException or ObjectDisposedException)
                {
                    // The last number stands; whoever asks next has it looked at again.
                }
                finally
                {
                    _ = _asked.TryRemove(volumeId, out _);
                }
            }

            Volatile.Write(ref _looking, 0);
            if (_waiting.IsEmpty || Interlocked.Exchange(ref _looking, 1) != 0)
            {
                return;
            }
        }
    }
}
