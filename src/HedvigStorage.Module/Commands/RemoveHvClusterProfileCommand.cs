using HedvigStorage.Completers;
using HedvigStorage.Connections;

namespace HedvigStorage.Commands;

/// <summary>Removes saved connection profiles of this user; open connections stay open. One that is gone is not an error.</summary>
[Cmdlet(VerbsCommon.Remove, "HvClusterProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvClusterProfileCommand : HvCommand
{
    /// <summary>Gets or sets the names, in any letter case.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets whether to remove without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Profile, name, () =>
            {
                if (ProfileStore.Find(name) is { } profile && ShouldProcess(profile.Name, "Remove the connection profile", Force))
                {
                    ProfileStore.Remove(profile.Name);
                }
            });
        }
    }
}
