using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Parameters;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that let volumes be reached through targets. What is there already and the same is found.</summary>
public abstract class AddAccessCommand : AccessCommand
{
    private const string VolumeSet = "Volume";
    private const string TargetSet = "InputObject";

    private protected AddAccessCommand()
    {
    }

    /// <summary>Gets or sets the names of the volumes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = VolumeSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TargetSet)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    /// <summary>Gets or sets the names of the targets.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = VolumeSet)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = [];

    /// <summary>Gets or sets the target, as <c>Get-HvTarget</c> returns it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TargetSet)]
    [ValidateNotNull]
    [ClusterObjectTransformation]
    public Target? InputObject { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            foreach (var target in InputObject is { } input ? [input.Name] : Target)
            {
                ForVolume(volume, () => Add(ObjectName.Check("volume", volume), target));
            }
        }
    }

    private protected abstract void Add(string volume, string target);
}
