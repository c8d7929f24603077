using System.Collections;
using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Makes snapshots of volumes, or finds those of that name.</summary>
[Cmdlet(VerbsCommon.New, "HvSnapshot", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Snapshot))]
public sealed class NewHvSnapshotCommand : BulkCommand, ITakesInputObject
{
    /// <summary>Gets or sets the volumes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    /// <summary>Gets or sets the name; by default the cluster chooses one.</summary>
    // Not taken from a property: a volume that comes down the pipeline would give its own name.
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>
    /// Gets or sets the volume, as <c>Get-HvVolume</c> returns it, or its name; what is typed without a name fills the positions that
    /// it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets labels, as a table of names and values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            // What is not found can only be the volume.
            Prepare(Subjects.Volume, volume, () => Create(volume));
        }
    }

    private void Create(string volume)
    {
        ObjectName.Check("volume", volume);
        // The parameter is another object's by the time that the work is done.
        var name = Name;
        if (name is not null)
        {
            ObjectName.Check("snapshot", name);
        }

        var labels = GivenLabels.Read(Label, Connection.Capabilities);
        var client = Client;
        if (ShouldProcess(volume, name is null ? "Create a snapshot" : $"Create the snapshot {name}"))
        {
            Begin(Subjects.Volume, volume, token => client.CreateSnapshotAsync(volume, name, labels, token), WriteObject);
        }
    }
}
