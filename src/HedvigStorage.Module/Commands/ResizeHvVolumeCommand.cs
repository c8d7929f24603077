using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Grows volumes. The same size changes nothing; a smaller one is refused.</summary>
[Cmdlet(VerbsCommon.Resize, "HvVolume", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(Volume))]
public sealed class ResizeHvVolumeCommand : BulkCommand, ITakesInputObject
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 0, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation(VolumesOnly = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the size to have, such as <c>20GB</c> or <c>"20GiB"</c>.</summary>
    // Not taken from a property: a volume that comes down the pipeline brings the size that it has.
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 1, ParameterSetName = ParameterSets.InputObject)]
    [SizeTransformation]
    public ByteSize Size { get; set; }

    /// <summary>
    /// Gets or sets the volume, as <c>Get-HvVolume</c> returns it, or its name; what is typed without a name fills the positions that
    /// it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets whether to return the volumes as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Volume, name, () => Resize(name));
        }
    }

    private void Resize(string name)
    {
        ObjectName.Check("volume", name);
        var client = Client;
        var size = Size;
        if (ShouldProcess(name, $"Resize the volume to {size}"))
        {
            Begin(Subjects.Volume, name, token => client.ResizeVolumeAsync(name, size, token), Tell);
        }
    }

    private void Tell(Volume volume)
    {
        if (PassThru)
        {
            WriteObject(volume);
        }
    }
}
