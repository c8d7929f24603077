namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that are about how volumes are reached through targets.</summary>
public abstract class AccessCommand : ClusterCommand, ITakesInputObject
{
    private protected AccessCommand()
    {
    }

    /// <summary>
    /// Gets or sets the target, as <c>Get-HvTarget</c> returns it, or the volume; what is typed without a name fills the positions that
    /// it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets the target that was given as an object, or <see langword="null"/>.</summary>
    private protected Target? TargetObject => InputObject?.BaseObject as Target;

    /// <summary>Gets what error ids begin with.</summary>
    private protected abstract string Subject { get; }

    /// <summary>
    /// Does something for one volume. What is not found then is the volume: a target that is not configured is a wrong value.
    /// </summary>
    private protected void ForVolume(string volume, Action action) => ForEach(Subject, volume, () =>
    {
        try
        {
            action();
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            WriteError(Describe(exception, Subjects.Volume, volume));
        }
    });

    // A target that is given as an object is none of the volumes.
    /// <inheritdoc/>
    private protected override string? PositionOf(ClusterObject? item) => item is Target ? nameof(Target) : null;

    /// <inheritdoc/>
    private protected override bool Keeps(ClusterObject? item) => item is Target;
}
