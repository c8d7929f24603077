using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace HedvigStorage.Conformance.Torture;

/// <summary>
/// Tries operations until they are acknowledged. A failure is in order only while something is down, and with an error that says why;
/// no try may take longer than the engine's own limit for it.
/// </summary>
internal sealed partial class Caller(
    Site site, ICluster cluster, Disturber disturber, Tally tally, Stopwatch clock, CancellationToken broken)
{
    /// <summary>The engine's limit for what makes or mounts a volume.</summary>
    public static readonly TimeSpan LongBudget = TimeSpan.FromSeconds(120);

    /// <summary>The engine's limit for everything else.</summary>
    public static readonly TimeSpan ShortBudget = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly ConcurrentQueue<string> _history = new();

    public Site Site => site;

    /// <summary>Gets every try in the order of their ends.</summary>
    public IReadOnlyCollection<string> History => [.. _history];

    /// <summary>Runs the engine's client until it succeeds.</summary>
    public Task<Attempt> DockerAsync(string what, TimeSpan budget, params string[] arguments) =>
        UntilDoneAsync(what, budget, async () => Attempt.Of(await site.DockerAsync(arguments)), string.Join(' ', arguments));

    /// <summary>
    /// Takes no success from an engine that is being stopped meanwhile: moby 20.10 unmounts its containers' file systems then without a
    /// wait for copies into them, so that a copy which has mounted the volume already may still write below the mount point, in the
    /// engine's own folder, and be acknowledged.
    /// </summary>
    /// <param name="attempt">Tries once.</param>
    public async Task<Attempt> WhileTheEngineRunsAsync(Func<Task<Attempt>> attempt)
    {
        var began = clock.Elapsed;
        var tried = await attempt();
        return tried.Done && disturber.EngineDownBetween(began, clock.Elapsed) > TimeSpan.Zero
            ? tried with { Done = false, Error = "The engine was stopped meanwhile." }
            : tried;
    }

    /// <summary>Asks the cluster until it answers.</summary>
    public async Task<T> ClusterAsync<T>(string what, Func<ICluster, Task<T>> call)
    {
        T result = default!;
        _ = await UntilDoneAsync(what, ShortBudget, async () =>
        {
            try
            {
                result = await call(cluster);
                return new Attempt(Done: true, string.Empty, string.Empty);
            }
            catch (ClusterException exception)
            {
                return new Attempt(Done: false, string.Empty, exception.Message);
            }
        });
        return result;
    }

    /// <summary>Tries until it is done.</summary>
    /// <param name="what">The operation, as it is counted.</param>
    /// <param name="budget">How long a try may take, besides what the engine was down of it.</param>
    /// <param name="attempt">Tries once.</param>
    /// <param name="details">What tells this one from others of its kind.</param>
    public async Task<Attempt> UntilDoneAsync(string what, TimeSpan budget, Func<Task<Attempt>> attempt, string details = "")
    {
        var first = clock.Elapsed;
        while (true)
        {
            broken.ThrowIfCancellationRequested();
            var began = clock.Elapsed;
            var tried = await attempt();
            var ended = clock.Elapsed;
            _history.Enqueue(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{began.TotalSeconds,7:0.00} {ended.TotalSeconds,7:0.00} {what} ({details}): "
                        + $"{(tried.Done ? "done " + tried.Output.Trim() : tried.Error)}"));
            var allowed = budget + disturber.EngineDownBetween(began, ended);
            Assert.True(ended - began <= allowed, $"'{what}' ({details}) took {ended - began} and may take {allowed}: {tried.Error}");
            if (tried.Done)
            {
                tally.CountDone(what, ended - began);
                return tried;
            }

            tally.CountFailed(what, tried.Error);
            Assert.False(IsUnclear(tried.Error), $"'{what}' ({details}) failed without a clear error: '{tried.Error}'");
            Assert.True(
                disturber.Touched(began, ended) || (IsHeld(tried.Error) && ended - first < HoldLimit),
                $"'{what}' ({details}) failed at {began} to {ended} while nothing was down: {tried.Error}");
            Assert.True(
                ended - first <= Patience, $"'{what}' ({details}) has failed for {ended - first}, the last time with: {tried.Error}");
            await Task.Delay(200, CancellationToken.None);
        }
    }

    /// <summary>
    /// Ends, as an operator would, the processes of containers that hold a volume and that the engine no longer knows: one that is killed
    /// between the making and the start of a container forgets it, and its first process waits for ever, with the volume mounted.
    /// </summary>
    /// <param name="error">The refusal, which names holders.</param>
    public async Task EndWhatTheEngineHasLostAsync(string error)
    {
        foreach (var holder in Holder().Matches(error).Select(
            match => (Container: match.Groups["id"].Value, Process: match.Groups["process"].Value)))
        {
            var known = await site.DockerAsync("inspect", holder.Container);
            if (known.Status == 0 || !known.Errors.Contains("No such", StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                using var process = Process.GetProcessById(int.Parse(holder.Process, CultureInfo.InvariantCulture));
                if ((await File.ReadAllTextAsync($"/proc/{holder.Process}/cgroup")).Contains(holder.Container, StringComparison.Ordinal))
                {
                    process.Kill();
                    tally.CountDone($"end a process that the engine has lost ({process.ProcessName})", TimeSpan.Zero);
                }
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException)
            {
                // It has ended by itself.
            }
        }
    }

    // Any container that is being started has, for a moment, all mounts of the machine.
    private static bool IsHeld(string error) =>
        error.Contains(" held by ", StringComparison.Ordinal) || error.Contains("where hv-cluster cannot see it", StringComparison.Ordinal);

    private static bool IsUnclear(string error) =>
        Bare().IsMatch(Wrapping().Replace(error, string.Empty)) || error.Contains("context deadline exceeded", StringComparison.Ordinal);

    [GeneratedRegex(
        @"container (?<id>[0-9a-f]{12}) \(process (?<process>\d+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Holder();

    [GeneratedRegex(
        @"^(docker: )?(Error response from daemon: )?(error while mounting volume '[^']*': )?(VolumeDriver\.\w+: )?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Wrapping();

    [GeneratedRegex(
        @"^(timed out|exit status \d+)?\.?\s*(Run 'docker \w+ --help' for more information)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bare();
}
