using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Removes snapshots. One that is gone is not an error.</summary>
[Cmdlet(VerbsCommon.Remove, "HvSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ParameterSets.Volume)]
public sealed class RemoveHvSnapshotCommand : BulkCommand, ITakesInputObject
{
    /// <summary>Gets or sets the volume.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string Volume { get; set; } = string.Empty;

    /// <summary>Gets or sets the names of the snapshots.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>
    /// Gets or sets the snapshot, as <c>Get-HvSnapshot</c> returns it, or its volume; what is typed without a name fills the positions
    /// that it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets whether to remove without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    // The name of a volume is not that of a snapshot.
    /// <inheritdoc/>
    private protected override bool Gives(ClusterObject? item, string parameter) =>
        item is not HedvigStorage.Volume || !string.Equals(parameter, nameof(Name), StringComparison.Ordinal);

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Snapshot, $"{Volume}@{name}", () => Remove(name));
        }
    }

    private void Remove(string name)
    {
        var volume = ObjectName.Check("volume", Volume);
        var client = Client;
        if (ShouldProcess($"{volume}@{name}", "Remove the snapshot", Force))
        {
            Begin(Subjects.Snapshot, $"{volume}@{name}", token => client.DeleteSnapshotAsync(volume, name, token));
        }
    }
}
