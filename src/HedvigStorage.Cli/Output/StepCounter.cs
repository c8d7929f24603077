using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>Counts the steps of a plan that have ended. Its calls never overlap, as those of the applier's progress.</summary>
internal sealed class StepCounter(Plan plan)
{
    /// <summary>Gets the number of steps that change something.</summary>
    public int Total { get; } = plan.Changes.Count();

    /// <summary>Gets the number of those that have ended.</summary>
    public int Ended { get; private set; }

    /// <summary>
    /// Takes note of a step, and tells how many have ended, such as <c> (17 of 900)</c>; nothing while it goes on, and where it is the only
    /// one.
    /// </summary>
    public string Count(StepProgress progress)
    {
        if (progress.State != StepState.Running)
        {
            Ended++;
        }

        return progress.State == StepState.Running || Total < 2
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" ({Ended} of {Total})");
    }
}
