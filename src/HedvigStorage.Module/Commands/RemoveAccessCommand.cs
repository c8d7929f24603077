using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// What the cmdlets have in common that cut volumes off from those who reach them through targets. What is gone is not an error.
/// </summary>
public abstract class RemoveAccessCommand : AccessCommand
{
    private protected RemoveAccessCommand()
    {
    }

    /// <summary>Gets or sets the names of the volumes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    /// <summary>Gets or sets the names of the targets.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = [];

    /// <summary>Gets or sets whether to remove without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            foreach (var target in TargetObject is { } given ? [given.Name] : Target)
            {
                ForVolume(volume, () => Remove(ObjectName.Check("volume", volume), target));
            }
        }
    }

    private protected abstract void Remove(string volume, string target);
}
