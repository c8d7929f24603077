using System.Collections.Concurrent;
using System.Diagnostics;

namespace HedvigStorage.Planning;

/// <summary>One carrying-out of a plan.</summary>
internal sealed class ApplyRun(Plan plan, ApplyOptions options, Action<StepProgress>? progress) : IDisposable
{
    private readonly Dictionary<string, PlanStep> _steps = plan.Steps.ToDictionary(step => step.Id, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StepOutcome> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StepBatch, ConcurrentQueue<Waiting>> _waiting = new();
    private readonly TaskCompletionSource<bool> _laidOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _slots = new(options.MaximumParallel);
    private readonly object _reporting = new();

    private Exception? ProgressFailure { get; set; }

    public async Task<ApplyReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        // The plan is ordered, so the tasks of all dependencies exist when a step's own is made.
        var tasks = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (var step in plan.Steps)
        {
            var before = step.DependsOn.Count == 0 ? Task.CompletedTask : Task.WhenAll(step.DependsOn.Select(id => tasks[id]));
            tasks[step.Id] = (step.HasChange, step.Batch) switch
            {
                (false, _) => before,
                (true, null) => RunAloneAsync(step, before, cancellationToken),
                (true, { } batch) => RunTogetherAsync(step, batch, before, cancellationToken),
            };
        }

        _laidOut.SetResult(true);
        await Task.WhenAll(tasks.Values).ConfigureAwait(false);
        return new ApplyReport(plan.Changes.Select(step => _outcomes[step.Id]).ToArray()) { ProgressFailure = ProgressFailure };
    }

    public void Dispose() => _slots.Dispose();

    private async Task RunAloneAsync(PlanStep step, Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(false);
        await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        try
        {
            if (Begins(step, cancellationToken))
            {
                await step.Execute!(new StepContext(line => Report(step, StepState.Running, line)), CancellationToken.None)
                    .ConfigureAwait(false);
                End(step, null, watch.Elapsed);
            }
        }
#pragma warning disable CA1031 // Whatever goes wrong in a step is that step's failure: the others are finished, and the report is whole.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(step, Failure(e), watch.Elapsed);
        }
        finally
        {
            _ = _slots.Release();
        }
    }

    // Whoever gets a slot carries out what waits by then; the step itself may be another's part.
    private async Task RunTogetherAsync(PlanStep step, StepBatch batch, Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(false);
        var mine = new Waiting(step);
        var queue = _waiting.GetOrAdd(batch, _ => new ConcurrentQueue<Waiting>());
        queue.Enqueue(mine);

        // Else the first of many that are ready at once would go alone.
        _ = await _laidOut.Task.ConfigureAwait(false);
        await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await RunWaitingAsync(batch, queue, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = _slots.Release();
        }

        await mine.Ended.Task.ConfigureAwait(false);
    }

    private async Task RunWaitingAsync(StepBatch batch, ConcurrentQueue<Waiting> queue, CancellationToken cancellationToken)
    {
        var taken = new List<Waiting>();
        var most = batch.Most();
        while (taken.Count < most && queue.TryDequeue(out var next))
        {
            taken.Add(next);
        }

        try
        {
            await RunBatchAsync(batch, taken.Select(waiting => waiting.Step).Where(step => Begins(step, cancellationToken)).ToArray())
                .ConfigureAwait(false);
        }
        finally
        {
            taken.ForEach(waiting => waiting.Ended.SetResult(true));
        }
    }

    private async Task RunBatchAsync(StepBatch batch, PlanStep[] steps)
    {
        if (steps.Length == 0)
        {
            return;
        }

        var watch = Stopwatch.StartNew();
        IReadOnlyList<ClusterException?> errors;
        try
        {
            errors = await batch.ExecuteAsync(steps, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As of a single step.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors = Enumerable.Repeat(Failure(e), steps.Length).ToArray();
        }

        for (var index = 0; index < steps.Length; index++)
        {
            End(steps[index], errors[index], watch.Elapsed);
        }
    }

    private bool Begins(PlanStep step, CancellationToken cancellationToken)
    {
        if (FailedBefore(step) is { } failed)
        {
            Skip(step, $"not begun: {failed} did not succeed.");
            return false;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Skip(step, "not begun: the work was ended.");
            return false;
        }

        Report(step, StepState.Running, string.Empty);
        return true;
    }

    // A step without a change hands on the failure of what it depends on itself.
    private string? FailedBefore(PlanStep step)
    {
        foreach (var id in step.DependsOn)
        {
            if (_outcomes.TryGetValue(id, out var outcome))
            {
                if (outcome.State != StepState.Succeeded)
                {
                    return id;
                }
            }
            else if (FailedBefore(_steps[id]) is { } further)
            {
                return further;
            }
        }

        return null;
    }

    private void Skip(PlanStep step, string why) => End(new StepOutcome(step, StepState.Skipped, why, TimeSpan.Zero));

    private void End(PlanStep step, ClusterException? error, TimeSpan elapsed) =>
        End(new StepOutcome(step, error is null ? StepState.Succeeded : StepState.Failed, error?.Message, elapsed) { Code = error?.Code });

    private void End(StepOutcome outcome)
    {
        _outcomes[outcome.Step.Id] = outcome;
        Report(outcome.Step, outcome.State, outcome.Error ?? string.Empty);
    }

    private static ClusterException Failure(Exception exception) =>
        exception as ClusterException
            ?? new ClusterException(ErrorCode.Internal, $"unexpected error, {exception.GetType().Name}: {exception.Message}", exception);

    // What shows the progress may fail, as a terminal that has gone does; the steps go on without it.
    private void Report(PlanStep step, StepState state, string message)
    {
        lock (_reporting)
        {
            if (ProgressFailure is not null)
            {
                return;
            }

            try
            {
                progress?.Invoke(new StepProgress(step, state, message));
            }
#pragma warning disable CA1031 // It is the caller's code, and is told to the caller.
            catch (Exception e)
#pragma warning restore CA1031
            {
                ProgressFailure = e;
            }
        }
    }

    private sealed class Waiting(PlanStep step)
    {
        public PlanStep Step { get; } = step;

        public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
