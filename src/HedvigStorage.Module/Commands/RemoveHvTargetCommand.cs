using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Removes targets and the access rules for them. One that is gone is not an error; one that has LUNs or exports is refused.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "HvTarget", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvTargetCommand : ClusterCommand
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets whether to remove without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Target, name, () => Remove(name));
        }
    }

    private void Remove(string name)
    {
        var client = Client;
        if (ShouldProcess(name, "Remove the target and the access rules for it", Force))
        {
            Await(token => client.Access.DeleteTargetAsync(name, token));
        }
    }
}
