using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>A plan in lines for people.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(Plan plan)
    {
        foreach (var omission in plan.Omissions)
        {
            yield return $"! {omission}";
        }

        foreach (var step in plan.Changes)
        {
            yield return $"{Sign(step)} {Word(step)} {step.Id}: {step.Reason}{(step.DestroysData ? " DATA IS LOST." : string.Empty)}";
            foreach (var change in step.Changes)
            {
                yield return change.Before is null
                    ? $"      {change.Property}: {change.After}"
                    : $"      {change.Property}: {change.Before} -> {change.After ?? "(none)"}";
            }

            foreach (var note in step.Notes)
            {
                yield return $"      note: {note}";
            }
        }

        yield return Summary(plan);
    }

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

        var counts = plan.Changes.GroupBy(step => step.Action).OrderBy(group => group.Key).Select(group => $"{group.Count()} to {group.Key.ToString().ToLowerInvariant()}");
        return $"Plan: {string.Join(", ", counts)}, {unchanged} as desired.";
    }
}
