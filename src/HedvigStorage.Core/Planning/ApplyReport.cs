namespace HedvigStorage.Planning;

/// <summary>How far a step is.</summary>
public enum StepState
{
    /// <summary>It has begun, or has more to say.</summary>
    Running,

    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was not begun, since a step before it failed or the work was ended.</summary>
    Skipped,
}

/// <summary>A line on how far a step is.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How far it is.</param>
/// <param name="Message">What it does now, or what was wrong; empty if there is nothing to say.</param>
public sealed record StepProgress(PlanStep Step, StepState State, string Message);

/// <summary>How a step ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">Never <see cref="StepState.Running"/>.</param>
/// <param name="Error">What was wrong, or <see langword="null"/>.</param>
/// <param name="Elapsed">How long it took; of volumes that are made by one request, that request.</param>
public sealed record StepOutcome(PlanStep Step, StepState State, string? Error, TimeSpan Elapsed)
{
    /// <summary>Gets the kind of failure; <see langword="null"/> unless the step failed.</summary>
    public ErrorCode? Code { get; init; }
}

/// <summary>How a plan ended.</summary>
public sealed class ApplyReport
{
    internal ApplyReport(IReadOnlyList<StepOutcome> outcomes) => Outcomes = outcomes;

    /// <summary>Gets the steps that had a change, in the order of the plan.</summary>
    public IReadOnlyList<StepOutcome> Outcomes { get; }

    /// <summary>
    /// Gets why progress was no longer told from some step on, or <see langword="null"/>; the steps were carried out all the same.
    /// </summary>
    public Exception? ProgressFailure { get; init; }

    /// <summary>Gets whether every step succeeded.</summary>
    public bool Succeeded => Outcomes.All(outcome => outcome.State == StepState.Succeeded);
}
