using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that let volumes be reached through targets. What already exists as asked is found.</summary>
public abstract class AddAccessCommand : AccessCommand
{
    private protected AddAccessCommand()
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

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            foreach (var target in TargetObject is { } given ? [given.Name] : Target)
            {
                ForVolume(volume, () => Add(ObjectName.Check("volume", volume), target));
            }
        }
    }

    private protected abstract void Add(string volume, string target);
}
