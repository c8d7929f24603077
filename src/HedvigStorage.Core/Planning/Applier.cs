namespace HedvigStorage.Planning;

/// <summary>
/// Carries out a plan: several steps at once, each after those it depends on. A step that fails stops what depends on it and nothing else.
/// </summary>
public static class Applier
{
    /// <summary>Carries out a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Takes lines from several threads, one at a time; <see langword="null"/> is nobody.</param>
    /// <param name="cancellationToken">Begins no further step; those begun are finished.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: the plan destroys data by a replacement that was not
    /// allowed. Nothing was changed.</exception>
    public static async Task<ApplyReport> ApplyAsync(
        Plan plan, ApplyOptions options, Action<StepProgress>? progress, CancellationToken cancellationToken)
    {
        Check(plan, options);
        using var run = new ApplyRun(plan, options, progress);
        return await run.ExecuteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Check(Plan plan, ApplyOptions options)
    {
        if (options.MaximumParallel is < 1 or > 64)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"{options.MaximumParallel} steps at once is out of range: it is 1 to 64.");
        }

        var refused = plan.Changes.Where(step => !options.Allows(step)).ToArray();
        if (refused.Length > 0)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"{string.Join(" ", refused.Select(Describe))} Nothing was changed. Allow it to go on, or change the document.");
        }
    }

    private static string Describe(PlanStep step) =>
        $"{step.Id} would be {Describe(step.Needs, step.Action)}: {step.Reason} {step.Cost}".TrimEnd();

    private static string Describe(Consent needs, StepAction action) =>
        needs == Consent.Remove ? "removed" : action == StepAction.Update ? "interrupted" : "replaced";
}
