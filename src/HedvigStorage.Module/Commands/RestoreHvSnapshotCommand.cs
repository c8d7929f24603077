using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Puts the content of a volume back to that of a snapshot. What was written since is lost. A protected or attached volume is refused.
/// </summary>
[Cmdlet(VerbsData.Restore, "HvSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Volume), typeof(Job))]
public sealed class RestoreHvSnapshotCommand : ClusterCommand, ITakesInputObject
{
    /// <summary>Gets or sets the volume.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string Volume { get; set; } = string.Empty;

    /// <summary>Gets or sets the name of the snapshot.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets the snapshot, as <c>Get-HvSnapshot</c> returns it, or its volume; what is typed without a name fills the positions
    /// that it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets whether to restore without asking. It does not lift the protection of a volume.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gets or sets whether to return the volume as it is now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Gets or sets whether to do it in a job of the session, and to return that.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    // The name of a volume is not that of a snapshot.
    /// <inheritdoc/>
    private protected override bool Gives(ClusterObject? item, string parameter) =>
        item is not HedvigStorage.Volume || !string.Equals(parameter, nameof(Name), StringComparison.Ordinal);

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        if (!Defer(AsJob, $"{Volume}@{Name}"))
        {
            ForEach(Subjects.Snapshot, $"{Volume}@{Name}", Restore);
        }
    }

    private void Restore()
    {
        ObjectName.Check("volume", Volume);
        var client = Client;
        if (!ShouldProcess($"{Volume}@{Name}", "Restore the volume to the snapshot; what was written since is lost", Force))
        {
            return;
        }

        var volume = Await(token => client.RevertVolumeAsync(Volume, Name, token));
        if (PassThru)
        {
            WriteObject(volume);
        }
    }
}
