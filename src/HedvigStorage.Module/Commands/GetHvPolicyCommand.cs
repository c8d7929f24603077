using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Lists policies. A literal name that is not there is an error; a pattern that matches nothing is not.</summary>
[Cmdlet(VerbsCommon.Get, "HvPolicy")]
[OutputType(typeof(Policy))]
public sealed class GetHvPolicyCommand : ClusterCommand
{
    /// <summary>Gets or sets names, or patterns with wildcards; by default all policies are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Policy, name, () => WriteObject(Find(new NameFilter(name)), enumerateCollection: true));
        }
    }

    private Policy[] Find(NameFilter filter)
    {
        var connection = Connection;
        var policies = Await(connection.Client.ListPoliciesAsync).Where(policy => filter.Matches(policy.Name)).ToArray();
        return policies.Length > 0 || filter.IsPattern
            ? policies
            : throw new ClusterException(
                ErrorCode.NotFound, $"There is no policy '{ObjectName.Printable(filter.Name)}' on the cluster {connection.Address}.");
    }
}
