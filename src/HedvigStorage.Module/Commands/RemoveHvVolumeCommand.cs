using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Removes volumes and their snapshots. One that is gone is not an error; a protected or attached one is refused.</summary>
[Cmdlet(VerbsCommon.Remove, "HvVolume", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvVolumeCommand : BulkCommand
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation(VolumesOnly = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets whether to remove without asking. It does not lift the protection of a volume.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Volume, name, () => Remove(name));
        }
    }

    private void Remove(string name)
    {
        ObjectName.Check("volume", name);
        var client = Client;
        if (ShouldProcess(name, "Remove the volume, its data and its snapshots", Force))
        {
            Begin(Subjects.Volume, name, token => client.DeleteVolumeAsync(name, token));
        }
    }
}
