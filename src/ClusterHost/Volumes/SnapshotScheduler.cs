using System.Collections.Concurrent;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Sessions;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Takes the snapshots of policies' schedules and removes those that are beyond what the policies keep. A snapshot and the record that its
/// instant is done are one transaction, so that a crash at any point leaves neither two of an instant nor half of one.
/// </summary>
internal sealed class SnapshotScheduler(ServiceContext state, SnapshotService snapshots, AuditLog audit, ILogger logger) : IAsyncDisposable
{
    /// <summary>Who takes scheduled snapshots, in the audit. No user can have the name.</summary>
    public const string UserName = "(schedule)";

    // Few, so that clients never wait behind a full hour's work.
    private const int AtOnce = 2;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    // A try that failed is repeated within it a few times; a snapshot that is not there by then is missed by somebody.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    // One that hangs in the kernel must not keep the others from their turn.
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(string VolumeId, SnapshotFrequency Frequency), Failure> _failures = new();
    private readonly ConcurrentDictionary<(string VolumeId, SnapshotFrequency Frequency), bool> _running = new();
    private readonly ConcurrentDictionary<(string Volume, string Name), bool> _irremovable = new();
    private IReadOnlyList<(ScheduledVolume Volume, DateTimeOffset Due)> _missed = [];
    private DateTimeOffset _last = DateTimeOffset.MaxValue;
    private DateTimeOffset _next;
    private long _taken;
    private long _failed;
    private long _removed;
    private Task _loop = Task.CompletedTask;

    /// <summary>Gets how many snapshots were taken.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Gets how many times a snapshot could not be taken, repeats included.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Gets how many snapshots were removed.</summary>
    public long Removed => Interlocked.Read(ref _removed);

    /// <summary>Begins to look, again and again, for what is due.</summary>
    public void Start(TimeSpan interval, CancellationToken stopping)
    {
        _ = stopping.Register(_stop.Cancel);
        _loop = Task.Run(() => LoopAsync(interval), CancellationToken.None);
    }

    /// <summary>Takes and removes what is due now.</summary>
    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var now = state.Time.GetUtcNow();
        await BeginFutureSchedulesAsync(now);
        var due = state.Catalog.Read(catalog => catalog.ListScheduledVolumes())
            .Select(volume => (Volume: volume, Due: ScheduleClock.LastDue(volume.Frequency, now)))
            .Where(item => ScheduleClock.IsDue(item.Volume, item.Due))
            .ToArray();
        ForgetFailuresBut(due);
        await RemoveSurplusAsync(volumeId: null, cancellationToken);
        await Parallel.ForEachAsync(
            due.Where(item => MayTry(item.Volume, now)).GroupBy(item => item.Volume.VolumeId, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (items, _) =>
            {
                foreach (var (volume, instant) in items)
                {
                    await TakeAsync(volume, instant);
                }

                await RemoveSurplusAsync(items.Key, cancellationToken);
            });
        _last = now;
        _missed = [.. due.Where(item => _failures.ContainsKey((item.Volume.VolumeId, item.Volume.Frequency)))];
        var retries = _failures.Values.Select(failure => failure.RetryAt);
        _next = retries.Append(ScheduleClock.LastDue(SnapshotFrequency.Hourly, now).AddHours(1)).Min();
        if (!_irremovable.IsEmpty && _next > now + FirstRetry)
        {
            _next = now + FirstRetry;
        }
    }

    /// <summary>Tells of snapshots that should have been there for a while.</summary>
    public IEnumerable<string> FindProblems()
    {
        var now = state.Time.GetUtcNow();
        var overdue = _missed.Where(item => now - item.Due > Grace).OrderBy(item => item.Due).ToArray();
        if (overdue.Length > 0)
        {
            var (volume, due) = overdue[0];
            yield return $"{overdue.Length} scheduled {(overdue.Length == 1 ? "snapshot is" : "snapshots are")} overdue, "
                + $"the oldest of them {ScheduleClock.NameOf(volume.Frequency, due)} of the volume '{volume.Volume}'. "
                + "The log and the audit tell why.";
        }

        if (_last < now && now - _next > Grace && _last != default)
        {
            yield return $"Snapshot schedules were looked after last at {_last.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, "
                + $"and should have been at {_next.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ = await Task.WhenAny(_loop, Task.Delay(StopLimit));
        _stop.Dispose();
    }

    private async Task BeginFutureSchedulesAsync(DateTimeOffset now)
    {
        if (state.Catalog.Read(catalog => catalog.CountFutureSchedules(now)) > 0)
        {
            var begun = await state.Catalog.WriteAsync(catalog => catalog.BeginFutureSchedules(now));
            HostLog.Problem(
                logger,
                $"{begun} {(begun == 1 ? "schedule was" : "schedules were")} made while this machine's clock was ahead of what it is now, "
                    + "and count from now. Check the clock.");
        }
    }

    private async Task LoopAsync(TimeSpan interval)
    {
        var token = _stop.Token;
        while (!token.IsCancellationRequested)
        {
            var now = state.Time.GetUtcNow();
            try
            {
                // A clock that was set back is a reason, too.
                if (state.Schedules.Take() || now >= _next || now < _last)
                {
                    await RunRoundAsync(token);
                }
            }
            catch (Exception error) when (error is not (OperationCanceledException or OutOfMemoryException))
            {
                _last = now;
                _next = now + FirstRetry;
                HostLog.Problem(logger, $"Scheduled snapshots could not be looked after and will be in a minute: {error.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.WhenAny(Task.Delay(interval, state.Time, token));
        }
    }

    private async Task TakeAsync(ScheduledVolume volume, DateTimeOffset due)
    {
        // One that has outlived its turn goes on by itself; it is looked at again in a while.
        var key = (volume.VolumeId, volume.Frequency);
        if (!_running.TryAdd(key, value: true))
        {
            var later = state.Time.GetUtcNow() + FirstRetry;
            _ = _failures.AddOrUpdate(key, _ => new Failure(due, 1, later), (_, before) => before with { RetryAt = later });
            return;
        }

        try
        {
            await TakeToTheEndAsync(volume, due).WaitAsync(TurnLimit);
            if (_failures.TryRemove(key, out var failure))
            {
                HostLog.Done(
                    logger,
                    $"The snapshot {ScheduleClock.NameOf(volume.Frequency, due)} of the volume '{volume.Volume}' was taken after "
                        + $"{failure.Attempts} attempts that failed.");
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(volume, due, error is TimeoutException ? $"It has not ended within {TurnLimit.TotalMinutes:0} minutes." : error.Message);
        }
    }

    private async Task TakeToTheEndAsync(ScheduledVolume volume, DateTimeOffset due)
    {
        try
        {
            if (await snapshots.CreateScheduledAsync(volume, due) is not null)
            {
                _ = Interlocked.Increment(ref _taken);
            }
        }
        finally
        {
            _ = _running.TryRemove((volume.VolumeId, volume.Frequency), out _);
        }
    }

    private void Fail(ScheduledVolume volume, DateTimeOffset due, string message)
    {
        _ = Interlocked.Increment(ref _failed);
        var failure = _failures.AddOrUpdate(
            (volume.VolumeId, volume.Frequency),
            _ => new Failure(due, 1, state.Time.GetUtcNow() + FirstRetry),
            (_, before) => new Failure(due, before.Attempts + 1, state.Time.GetUtcNow() + Delay(before.Attempts)));
        if (failure.Attempts > 1)
        {
            return;
        }

        var name = ScheduleClock.NameOf(volume.Frequency, due);
        HostLog.Problem(
            logger,
            $"The snapshot {name} of the volume '{volume.Volume}' cannot be taken and is tried again until the next one is due: {message}");
        audit.Record(UserName, "MakeSnapshot", $$"""{"virtualDisks":["{{volume.Volume}}"],"snapshotName":"{{name}}"}""", message);
    }

    private bool MayTry(ScheduledVolume volume, DateTimeOffset now) =>
        !_failures.TryGetValue((volume.VolumeId, volume.Frequency), out var failure) || failure.RetryAt <= now
            || failure.RetryAt > now + LongestRetry;

    private void ForgetFailuresBut(IReadOnlyCollection<(ScheduledVolume Volume, DateTimeOffset Due)> due)
    {
        var present = due.ToDictionary(item => (item.Volume.VolumeId, item.Volume.Frequency), item => item.Due);
        foreach (var (key, failure) in _failures)
        {
            if (!present.TryGetValue(key, out var instant) || instant != failure.Due)
            {
                _ = _failures.TryRemove(key, out _);
            }
        }
    }

    // What cannot be removed now is left for the next round.
    private async Task RemoveSurplusAsync(string? volumeId, CancellationToken cancellationToken)
    {
        var surplus = state.Catalog.Read(catalog => catalog.ListSurplusSnapshots(volumeId));
        foreach (var gone in volumeId is null ? _irremovable.Keys.Except(surplus) : [])
        {
            _ = _irremovable.TryRemove(gone, out _);
        }

        foreach (var (volume, name) in surplus)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await snapshots.DeleteScheduledAsync(volume, name).WaitAsync(TurnLimit, CancellationToken.None))
                {
                    _ = Interlocked.Increment(ref _removed);
                }

                _ = _irremovable.TryRemove((volume, name), out _);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (_irremovable.TryAdd((volume, name), value: true))
                {
                    HostLog.Problem(logger, $"The scheduled snapshot '{volume}@{name}' is old and cannot be removed yet: {error.Message}");
                }
            }
        }
    }

    private static TimeSpan Delay(int attempts) => attempts >= 6 ? LongestRetry : FirstRetry * Math.Pow(2, attempts);

    private sealed record Failure(DateTimeOffset Due, int Attempts, DateTimeOffset RetryAt);
}
