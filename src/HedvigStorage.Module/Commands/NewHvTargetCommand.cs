namespace HedvigStorage.Commands;

/// <summary>Configures targets, or finds the same ones. Another protocol or other hosts under that name are an error.</summary>
[Cmdlet(VerbsCommon.New, "HvTarget", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(Target))]
public sealed class NewHvTargetCommand : ClusterCommand, ITakesInputObject
{
    /// <summary>Gets or sets the names: those of the targets' hosts, as those who use the targets resolve them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets what volumes are served by: <c>Block</c> (iSCSI, the default) or <c>Nfs</c>.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [WordTransformation(typeof(TargetProtocol), "protocol of targets")]
    public TargetProtocol Protocol { get; set; }

    /// <summary>
    /// Gets or sets the name, or an object with that and other properties that are parameters; what is typed without a name fills the
    /// positions that it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets the hosts that the targets serve first; by default none in particular.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ComputeHosts")]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] ComputeHost { get; set; } = [];

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Target, name, () => Create(name));
        }
    }

    private void Create(string name)
    {
        HostName.Check("target", name);
        var client = Client;
        if (ShouldProcess(name, $"Create a target with the protocol {Protocol}"))
        {
            var target = new Target { Name = name, Protocol = Protocol, ComputeHosts = ComputeHost };
            WriteObject(Await(token => client.Access.CreateTargetAsync(target, token)));
        }
    }
}
