using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Removes policies. One that is gone is not an error; one that volumes have is refused.</summary>
[Cmdlet(VerbsCommon.Remove, "HvPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvPolicyCommand : ClusterCommand
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets whether to remove without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Policy, name, () => Remove(name));
        }
    }

    private void Remove(string name)
    {
        ObjectName.Check("policy", name);
        var client = Client;
        if (ShouldProcess(name, "Remove the policy", Force))
        {
            Await(token => client.DeletePolicyAsync(name, token));
        }
    }
}
