using HedvigStorage.Client.Plans;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>A plan in lines for people.</summary>
internal static class PlanText
{
    /// <summary>What is to be changed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="given">What it is carried out with, or <see langword="null"/> if it is only shown.</param>
    public static IEnumerable<string> Lines(Plan plan, ApplyOptions? given = null)
    {
        foreach (var omission in plan.Omissions)
        {
            yield return $"! {omission}";
        }

        foreach (var line in plan.Changes.SelectMany(step => StepLines(step, given?.Allows(step) == true)))
        {
            yield return line;
        }

        if (Orphans(plan) is { } orphans)
        {
            yield return orphans;
        }

        yield return Summary(plan);
    }

    /// <summary>What is not as desired, and why.</summary>
    public static IEnumerable<string> TestLines(Plan plan)
    {
        foreach (var omission in plan.Omissions)
        {
            yield return $"! {omission}";
        }

        foreach (var step in plan.Changes)
        {
            yield return $"{step.Id}: {step.Reason}{(Cause(step) is { } cause ? $" ({cause})" : string.Empty)}";
            foreach (var change in step.Changes)
            {
                yield return Line(change);
            }
        }

        if (Orphans(plan) is { } orphans)
        {
            yield return orphans;
        }

        yield return plan.HasChanges
            ? $"Not as desired: {plan.Changes.Count()} of {plan.Steps.Count} objects differ."
            : $"As desired: all {plan.Steps.Count} objects.";
    }

    private static IEnumerable<string> StepLines(PlanStep step, bool allowed)
    {
        yield return $"{Sign(step)} {Word(step)} {step.Id}: {step.Reason}{(step.DestroysData ? " DATA IS LOST." : string.Empty)}";
        foreach (var change in step.Changes)
        {
            yield return Line(change);
        }

        if (step.Cost.Length > 0)
        {
            yield return $"      cost: {step.Cost}";
        }

        if (Cause(step) is { } cause)
        {
            yield return $"      cause: {cause}";
        }

        if (Consent(step) is { } consent)
        {
            yield return $"      {(allowed ? "allowed by" : "needs")}: {consent}";
        }

        foreach (var note in step.Notes)
        {
            yield return $"      note: {note}";
        }
    }

    private static string Line(PropertyChange change) => change.Before is null
        ? $"      {change.Property}: {change.After}"
        : $"      {change.Property}: {change.Before} -> {change.After ?? "(none)"}";

    private static string? Cause(PlanStep step) => step.Cause switch
    {
        ChangeCause.Drift => "changed outside the document",
        ChangeCause.Document => "the document changed",
        _ => null,
    };

    private static string? Consent(PlanStep step) => step.Needs switch
    {
        Planning.Consent.Replace => $"--allow-replace {PlanDocument.KindName(step.Kind)}",
        Planning.Consent.Remove => "--allow-remove",
        _ => null,
    };

    private static string? Orphans(Plan plan) => plan.Orphans.Count == 0
        ? null
        : $"{plan.Orphans.Count} {(plan.Orphans.Count == 1 ? "object" : "objects")} that this document made and no longer describes: "
            + $"{string.Join(", ", plan.Orphans)}; {(plan.Options.Prune ? "they stay" : "--prune removes them")}.";

    public static string Sign(PlanStep step) => step.Action switch
    {
        StepAction.Create => "+",
        StepAction.Update or StepAction.Grow => "~",
        StepAction.Replace => "±",
        StepAction.Adopt => ">",
        StepAction.Forget => "<",
        StepAction.Remove => "-",
        _ => "=",
    };

    public static string Word(PlanStep step) => step.Action.ToString().ToLowerInvariant();

    private static string Summary(Plan plan)
    {
        var unchanged = plan.Steps.Count(step => !step.HasChange);
        if (!plan.HasChanges)
        {
            return $"Nothing to do: all {unchanged} objects are as desired.";
        }

        var counts = plan.Changes.GroupBy(step => step.Action).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} to {group.Key.ToString().ToLowerInvariant()}");
        return $"Plan: {string.Join(", ", counts)}, {unchanged} as desired.";
    }
}
