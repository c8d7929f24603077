using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HedvigStorage.Completers;

/// <summary>
/// Looks names up within a time in which nobody notices, and keeps them for a moment: who completes, completes several times. What fails or
/// takes too long offers nothing, which is kept too, so that a cluster that does not answer is not waited for at each key.
/// </summary>
internal static class CompletionCache
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, Entry>> Owners = new();

    /// <summary>Finds names.</summary>
    /// <param name="owner">Whom they are asked of; what is kept ends with it.</param>
    /// <param name="key">What is asked.</param>
    /// <param name="look">Looks them up.</param>
    public static IReadOnlyList<Candidate> Find(object owner, string key, Func<CancellationToken, Task<IReadOnlyList<Candidate>>> look)
    {
        var entries = Owners.GetOrCreateValue(owner);
        if (entries.TryGetValue(key, out var known) && known.Age < Lifetime)
        {
            return known.Candidates;
        }

        var found = Look(look);
        entries[key] = new Entry(found);
        return found;
    }

    private static IReadOnlyList<Candidate> Look(Func<CancellationToken, Task<IReadOnlyList<Candidate>>> look)
    {
        var limit = new CancellationTokenSource();

        // On the thread pool, so that no synchronization context of the host is captured.
        var task = Task.Run(() => look(limit.Token), CancellationToken.None);
        _ = task.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                limit.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
#pragma warning disable RS0030 // PowerShell asks a completer on a thread of its own, and waits for it.
            if (task.Wait(Limit))
            {
                return task.Result;
            }
#pragma warning restore RS0030

            limit.Cancel();
        }
        catch (Exception exception) when (exception is AggregateException or ObjectDisposedException)
        {
            // Somebody who types is not told: the command will say it.
        }

        return [];
    }

    private sealed class Entry
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public Entry(IReadOnlyList<Candidate> candidates) => Candidates = candidates;

        public IReadOnlyList<Candidate> Candidates { get; }

        public TimeSpan Age => _watch.Elapsed;
    }
}
