using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Errors;
using HedvigStorage.Parameters;

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

    /// <summary>Gets or sets whether the cluster shall refuse to remove or restore it.</summary>
    [Parameter]
    [FlagTransformation]
    public bool? Protected { get; set; }

    /// <summary>Gets or sets whether another host may take the volume over from one that is sure to write it no longer.</summary>
    [Parameter]
    [WordTransformation(typeof(TakeoverPolicy), "take-over")]
    public TakeoverPolicy? Takeover { get; set; }

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
        var change = new VolumeChange { Policy = Policy, Attributes = Attributes, Description = Description, Protected = Protected, Takeover = Takeover };
        change.Attributes.Check();
        if (change.IsEmpty)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"Nothing is to change of the volume '{name}'. Give -Policy, -Description, -Protected, -Takeover or an attribute.");
        }

        var client = Client;
        if (ShouldProcess(name, "Change the volume"))
        {
            Begin(Subjects.Volume, name, token => client.UpdateVolumeAsync(name, change, token), volume => Tell(volume, change));
        }
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
