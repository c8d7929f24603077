using HedvigStorage.Planning;

namespace HedvigStorage.Commands;

/// <summary>Tells whether everything is as a configuration desires.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HvConfiguration")]
[OutputType(typeof(bool))]
public sealed class TestHvConfigurationCommand : ConfigurationCommand
{
    private protected override void Process(Plan plan)
    {
        foreach (var step in plan.Changes)
        {
            WriteVerbose($"{step}: {step.Reason} {Cause(step)}".TrimEnd());
        }

        WriteObject(!plan.HasChanges);
    }

    private static string Cause(PlanStep step) => step.Cause switch
    {
        ChangeCause.Drift => "It was changed outside the document.",
        ChangeCause.Document => "The document changed.",
        _ => string.Empty,
    };
}
