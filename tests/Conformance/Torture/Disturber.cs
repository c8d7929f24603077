using System.Collections.Concurrent;
using System.Diagnostics;

namespace HedvigStorage.Conformance.Torture;

/// <summary>
/// Kills and restarts the plugin host, the cluster host and the engine, each on its own, at random times, and starts them again.
/// </summary>
internal sealed class Disturber(Site site, DockerDaemon engine, int seed, Stopwatch clock)
{
    // The plugin host notices a cluster that is back at its next question, and the engine a plugin host at its next attempt.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<Outage> _outages = new();

    public IReadOnlyCollection<Outage> Outages => [.. _outages];

    /// <summary>Disturbs until it is told to stop; then everything runs.</summary>
    public IReadOnlyList<Task> Run(CancellationToken stop) =>
    [
        DisturbAsync("plugin host", seed + 1, (4, 10), site.KillPluginAsync, site.StopPluginAsync, () => site.StartPluginAsync(), stop),
        DisturbAsync(
            "cluster host", seed + 2, (5, 12), site.KillClusterAsync, site.StopClusterAsync, () => site.StartClusterAgainAsync(), stop),
        DisturbAsync("engine", seed + 3, (10, 20), engine.KillAsync, engine.StopAsync, engine.StartAgainAsync, stop),
    ];

    /// <summary>Tells whether something was down between two times, or so shortly before that it may still be felt.</summary>
    public bool Touched(TimeSpan from, TimeSpan to) =>
        _outages.Any(outage => outage.Began <= to && (outage.Ended is not { } ended || ended + Aftermath >= from));

    /// <summary>Tells for how much of the time between two times the engine was down.</summary>
    public TimeSpan EngineDownBetween(TimeSpan from, TimeSpan to) => _outages
        .Where(outage => outage.IsEngine && outage.Began <= to && (outage.Ended ?? to) >= from)
        .Aggregate(TimeSpan.Zero, (sum, outage) => sum + ((outage.Ended ?? to) - outage.Began));

    private async Task DisturbAsync(
        string what, int ownSeed, (int Least, int Most) seconds, Func<Task> kill, Func<Task> stop, Func<Task> start, CancellationToken end)
    {
        const int LongestPause = 1500;
        var random = new Random(ownSeed);
        while (true)
        {
            try
            {
                await Task.Delay(random.Next(seconds.Least * 1000, seconds.Most * 1000), end);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var killed = random.Next(3) > 0;
            var outage = new Outage($"{what} {(killed ? "killed" : "stopped")}", what == "engine", clock.Elapsed);
            _outages.Enqueue(outage);
            await (killed ? kill() : stop());
            await Task.Delay(random.Next(LongestPause), CancellationToken.None);
            await start();
            outage.Ended = clock.Elapsed;
        }
    }
}
