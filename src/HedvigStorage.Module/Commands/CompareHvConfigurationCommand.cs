using HedvigStorage.Documents;
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

    /// <summary>
    /// Gets or sets the path of a file to save the plan in, for <c>Invoke-HvConfiguration -Plan</c> or <c>hv apply --plan</c> to carry out
    /// exactly it.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Out { get; set; }

    private protected override void Process(Plan plan)
    {
        if (Out is not null)
        {
            PrivateFile.Write(GetUnresolvedProviderPathFromPSPath(Out), Services.WritePlan(plan));
        }

        WriteObject(IncludeEqual ? plan.Steps : plan.Changes, enumerateCollection: true);
    }
}
