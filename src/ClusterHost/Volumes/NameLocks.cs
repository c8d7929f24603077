using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// One lock a volume name, so that volumes never wait for each other; an operation may need those of several. Who waits too long is
/// refused, for a client waits for the answer.
/// </summary>
internal sealed class NameLocks(TimeSpan limit)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private readonly KeyedLocks _locks = new();

    /// <summary>Takes the locks of some names, always in the same order.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: another operation holds one for too long.</exception>
    public async Task<IDisposable> TakeAsync(params string[] names)
    {
        var held = new Held();
        foreach (var name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await _locks.TryEnterAsync(name, limit) is not { } entered)
            {
                held.Dispose();
                throw new ClusterException(
                    ErrorCode.Busy,
                    $"Another operation on the volume '{name}' has not ended within {limit.TotalSeconds:0} seconds. Try again later.");
            }

            held.Add(entered);
        }

        return held;
    }

    /// <summary>Takes the lock of a name if that is free now, or soon.</summary>
    public Task<IDisposable?> TryTakeAsync(string name) => _locks.TryEnterAsync(name, Soon);

    private sealed class Held : IDisposable
    {
        private readonly List<IDisposable> _entered = [];

        public void Add(IDisposable entered) => _entered.Add(entered);

        public void Dispose()
        {
            _entered.ForEach(entered => entered.Dispose());
            _entered.Clear();
        }
    }
}
