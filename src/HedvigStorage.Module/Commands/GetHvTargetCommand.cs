using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Lists targets in the order in which they were configured. A literal name that is not there is an error; a pattern that matches nothing
/// is not.
/// </summary>
[Cmdlet(VerbsCommon.Get, "HvTarget")]
[OutputType(typeof(Target))]
public sealed class GetHvTargetCommand : ClusterCommand
{
    /// <summary>Gets or sets names, or patterns with wildcards; by default all targets are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Gets or sets the host that the targets serve first; by default those of all hosts are listed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ComputeHost { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Target, name, () => WriteObject(Find(new NameFilter(name)), enumerateCollection: true));
        }
    }

    private Target[] Find(NameFilter filter)
    {
        var connection = Connection;
        var targets = Await(token => connection.Client.Access.ListTargetsAsync(ComputeHost, token))
            .Where(target => filter.Matches(target.Name)).ToArray();
        var place = ComputeHost is null ? string.Empty : $" that serves the host '{ObjectName.Printable(ComputeHost)}'";
        return targets.Length > 0 || filter.IsPattern
            ? targets
            : throw new ClusterException(
                ErrorCode.NotFound,
                $"There is no target '{ObjectName.Printable(filter.Name)}'{place} on the cluster {connection.Address}.");
    }
}
