using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Removes users of a cluster and ends their sessions. One that is gone is not an error; the cluster host's own admin is refused.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "HvUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvUserCommand : ClusterCommand
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserName")]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets whether to remove without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.User, name, () => Remove(name));
        }
    }

    private void Remove(string name)
    {
        var client = Client;
        if (ShouldProcess(name, "Remove the user and end all sessions of that user", Force))
        {
            Await(token => client.Administration.DeleteUserAsync(name, token));
        }
    }
}
