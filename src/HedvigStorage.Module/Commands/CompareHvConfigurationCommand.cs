using System.Management.Automation;
using HedvigStorage.Planning;

namespace HedvigStorage.Commands;

/// <summary>Returns the steps that would converge what is there to a configuration. Nothing is changed.</summary>
[Cmdlet(VerbsData.Compare, "HvConfiguration")]
[OutputType(typeof(PlanStep))]
public sealed class CompareHvConfigurationCommand : ConfigurationCommand
{
    /// <summary>Gets or sets whether to return the objects too that are as desired.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    private protected override void Process(Plan plan) =>
        WriteObject(IncludeEqual ? plan.Steps : plan.Changes, enumerateCollection: true);
}
