using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.Planning;

/// <summary>Carries out a plan: several steps at once, each after those it depends on. A step that fails stops what depends on it and nothing else.</summary>
public static class Applier
{
    /// <summary>Carries out a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Takes lines from several threads, one at a time; <see langword="null"/> is nobody.</param>
    /// <param name="cancellationToken">Begins no further step; those begun are finished.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: the plan destroys data by a replacement that was not allowed. Nothing was changed.</exception>
    public static async Task<ApplyReport> ApplyAsync(Plan plan, ApplyOptions options, Action<StepProgress>? progress, CancellationToken cancellationToken)
    {
        Check(plan, options);
        using var run = new Run(plan, options, progress);
        return await run.ExecuteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Check(Plan plan, ApplyOptions options)
    {
        if (options.MaximumParallel is < 1 or > 64)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"{options.MaximumParallel} steps at once is out of range: it is 1 to 64.");
        }

        var refused = plan.Changes.Where(step => !options.Allows(step)).ToArray();
        if (refused.Length > 0)
        {
            throw new ClusterException(ErrorCode.Refused, $"{string.Join(" ", refused.Select(Describe))} Nothing was changed. Allow it to go on, or change the document.");
        }
    }

    private static string Describe(PlanStep step) =>
        $"{step.Id} would be {(step.Needs == Consent.Replace ? "replaced" : "removed")}: {step.Reason} {step.Cost}".TrimEnd();

    private sealed class Run(Plan plan, ApplyOptions options, Action<StepProgress>? progress) : IDisposable
    {
        private readonly Dictionary<string, PlanStep> _steps = plan.Steps.ToDictionary(step => step.Id, StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, StepOutcome> _outcomes = new(StringComparer.Ordinal);
        private readonly SemaphoreSlim _slots = new(options.MaximumParallel);
        private readonly object _reporting = new();

        public async Task<ApplyReport> ExecuteAsync(CancellationToken cancellationToken)
        {
            // The plan is ordered, so the tasks of all dependencies exist when a step's own is made.
            var tasks = new Dictionary<string, Task>(StringComparer.Ordinal);
            foreach (var step in plan.Steps)
            {
                var before = Task.WhenAll(step.DependsOn.Select(id => tasks[id]));
                tasks[step.Id] = step.HasChange ? RunStepAsync(step, before, cancellationToken) : before;
            }

            await Task.WhenAll(tasks.Values).ConfigureAwait(false);
            return new ApplyReport(plan.Changes.Select(step => _outcomes[step.Id]).ToArray());
        }

        public void Dispose() => _slots.Dispose();

        private async Task RunStepAsync(PlanStep step, Task before, CancellationToken cancellationToken)
        {
            await before.ConfigureAwait(false);
            await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            var watch = Stopwatch.StartNew();
            try
            {
                if (FailedBefore(step) is { } failed)
                {
                    End(step, StepState.Skipped, $"not begun: {failed} did not succeed.", watch.Elapsed);
                    return;
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    End(step, StepState.Skipped, "not begun: the work was ended.", watch.Elapsed);
                    return;
                }

                Report(step, StepState.Running, string.Empty);
                await step.Execute!(new StepContext(line => Report(step, StepState.Running, line)), CancellationToken.None).ConfigureAwait(false);
                End(step, StepState.Succeeded, null, watch.Elapsed);
            }
            catch (ClusterException e)
            {
                End(step, StepState.Failed, e.Message, watch.Elapsed);
            }
            finally
            {
                _ = _slots.Release();
            }
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

        private void End(PlanStep step, StepState state, string? error, TimeSpan elapsed)
        {
            _outcomes[step.Id] = new StepOutcome(step, state, error, elapsed);
            Report(step, state, error ?? string.Empty);
        }

        private void Report(PlanStep step, StepState state, string message)
        {
            lock (_reporting)
            {
                progress?.Invoke(new StepProgress(step, state, message));
            }
        }
    }
}
