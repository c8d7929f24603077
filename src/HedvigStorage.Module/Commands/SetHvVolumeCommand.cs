using System.Collections;
using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Changes volumes in place. What is not given stays.</summary>
[Cmdlet(VerbsCommon.Set, "HvVolume", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class SetHvVolumeCommand : AttributeCommand
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation(VolumesOnly = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the policy to have; empty is none.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateNotNull]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string? Policy { get; set; }

    /// <summary>Gets or sets the description to have.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? Description { get; set; }

    /// <summary>Gets or sets whether the cluster refuses to remove or restore it.</summary>
    [Parameter]
    [FlagTransformation]
    public SwitchParameter Protected { get; set; }

    /// <summary>Gets or sets whether another host may take the volume over from one that is sure to write it no longer.</summary>
    [Parameter]
    [WordTransformation(typeof(TakeoverPolicy), "take-over")]
    public TakeoverPolicy? Takeover { get; set; }

    /// <summary>Gets or sets labels to set, as a table of names and values; one with no value is taken away.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <summary>Gets or sets whether to return the volumes as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Volume, name, () => Update(name));
        }
    }

    private void Update(string name)
    {
        ObjectName.Check("volume", name);
        var labels = GivenLabels.ReadChanges(Label, Connection.Capabilities);
        var change = new VolumeChange
        {
            Policy = Policy,
            Attributes = Attributes,
            Description = Description,
            Protected = MyInvocation.BoundParameters.ContainsKey(nameof(Protected)) ? Protected.IsPresent : null,
            Takeover = Takeover,
        };
        change.Attributes.Check();
        if (change.IsEmpty && labels.Count == 0)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"Nothing is to change of the volume '{name}'. Give -Policy, -Description, -Protected, -Takeover, -Label or an attribute.");
        }

        var client = Client;
        if (ShouldProcess(name, "Set properties of the volume"))
        {
            Begin(Subjects.Volume, name, token => ChangeAsync(client, name, change, labels, token), volume => Tell(volume, change));
        }
    }

    // The change goes last: it returns the volume, with its labels.
    private static async Task<Volume> ChangeAsync(
        ICluster client, string name, VolumeChange change, IReadOnlyDictionary<string, string?> labels, CancellationToken token)
    {
        if (labels.Count > 0)
        {
            await client.SetLabelsAsync(LabelledObject.OfVolume(name), labels, token).ConfigureAwait(false);
        }

        return await client.UpdateVolumeAsync(name, change, token).ConfigureAwait(false);
    }

    private void Tell(Volume volume, VolumeChange change)
    {
        // Only of what is asked for now; another policy asks for all that it holds.
        WarnOfDifference("volume", volume.Name, change.Policy is null ? change.Attributes : volume.Requested, volume.Effective);
        if (PassThru)
        {
            WriteObject(volume);
        }
    }
}
