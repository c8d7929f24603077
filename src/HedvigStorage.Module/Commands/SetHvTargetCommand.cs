using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Changes which hosts targets serve first.</summary>
[Cmdlet(VerbsCommon.Set, "HvTarget", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(Target))]
public sealed class SetHvTargetCommand : ClusterCommand, ITakesInputObject
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the hosts to serve first, in the place of those that there are; empty is none in particular.</summary>
    // Not taken from a property: a target that comes down the pipeline brings the hosts that it has.
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 1, ParameterSetName = ParameterSets.InputObject)]
    [Alias("ComputeHosts")]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] ComputeHost { get; set; } = [];

    /// <summary>
    /// Gets or sets the target, as <c>Get-HvTarget</c> returns it, or its name; what is typed without a name fills the positions that
    /// it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets whether to return the targets as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Target, name, () => Update(name));
        }
    }

    private void Update(string name)
    {
        var client = Client;
        if (!ShouldProcess(name, ComputeHost.Length == 0 ? "Serve no host in particular" : $"Serve {string.Join(", ", ComputeHost)} first"))
        {
            return;
        }

        var target = Await(token => client.Access.UpdateTargetAsync(name, ComputeHost, token));
        if (PassThru)
        {
            WriteObject(target);
        }
    }
}
