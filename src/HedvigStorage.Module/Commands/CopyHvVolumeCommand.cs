using System.Collections;
using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Makes a volume from another one, or from a snapshot of it.</summary>
[Cmdlet(VerbsCommon.Copy, "HvVolume", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Volume), typeof(Job))]
public sealed class CopyHvVolumeCommand : AttributeCommand, ITakesInputObject
{
    /// <summary>Gets or sets the volume to clone.</summary>
    // Not taken from a property: a snapshot that comes down the pipeline would give its own name.
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>Gets or sets the snapshot of the volume to clone; by default the volume is cloned as it is now.</summary>
    [Parameter(ParameterSetName = ParameterSets.Volume)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public string? Snapshot { get; set; }

    /// <summary>
    /// Gets or sets what to clone: a snapshot, as <c>Get-HvSnapshot</c> returns it, or a volume; what is typed without a name fills the
    /// positions that it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets the name of the clone.</summary>
    // From a property, so that it can be a script block too, which names each clone after its source.
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = string.Empty;

    /// <summary>Gets or sets the size of the clone; the default is the source's, and it cannot be smaller.</summary>
    [Parameter]
    [SizeTransformation]
    public ByteSize? Size { get; set; }

    /// <summary>Gets or sets the policy of the clone; the default is the source's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string? Policy { get; set; }

    /// <summary>Gets or sets the description of the clone.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>Gets or sets whether the cluster refuses to remove or restore the clone.</summary>
    [Parameter]
    public SwitchParameter Protected { get; set; }

    /// <summary>Gets or sets labels of the clone, as a table of names and values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <summary>Gets or sets whether to do it in a job of the session, and to return that.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    // A snapshot is more than the name of a volume.
    /// <inheritdoc/>
    private protected override bool Keeps(ClusterObject? item) => item is Snapshot;

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        if (!Defer(AsJob, Destination))
        {
            Prepare(Subjects.Volume, Destination, Copy);
        }
    }

    private void Copy()
    {
        var given = InputObject?.BaseObject as Snapshot;
        var source = given?.Volume ?? Name;
        var snapshot = given?.Name ?? Snapshot;
        ObjectName.Check("volume", source);
        ObjectName.Check("volume", Destination);
        var attributes = Attributes;
        attributes.Check();
        var labels = GivenLabels.Read(Label, Connection.Capabilities);
        var client = Client;
        if (!ShouldProcess(Destination, snapshot is null ? $"Clone the volume {source}" : $"Clone the snapshot {source}@{snapshot}"))
        {
            return;
        }

        var specification = new VolumeSpecification
        {
            Name = Destination,
            Size = Size,
            Policy = Policy,
            Attributes = attributes,
            Description = PrintableText.Check("description", Description),
            Labels = labels,
            Protected = MyInvocation.BoundParameters.ContainsKey(nameof(Protected)) ? Protected.IsPresent : null,
            SourceVolume = source,
            SourceSnapshot = snapshot,
        };
        Begin(Subjects.Volume, specification.Name, token => client.CreateVolumeAsync(specification, token), Tell);
    }

    private void Tell(Volume volume)
    {
        WarnOfDifference("volume", volume.Name, volume.Requested, volume.Effective);
        WriteObject(volume);
    }
}
