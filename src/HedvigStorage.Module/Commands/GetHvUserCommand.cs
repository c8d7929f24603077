using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Lists the users of a cluster. A literal name that is not there is an error; a pattern that matches nothing is not.</summary>
[Cmdlet(VerbsCommon.Get, "HvUser")]
[OutputType(typeof(ClusterUser))]
public sealed class GetHvUserCommand : ClusterCommand
{
    /// <summary>Gets or sets names, or patterns with wildcards; by default all users are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserName")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.User, name, () => WriteObject(Find(new NameFilter(name)), enumerateCollection: true));
        }
    }

    private ClusterUser[] Find(NameFilter filter)
    {
        var connection = Connection;
        var users = Await(connection.Client.Administration.ListUsersAsync).Where(user => filter.Matches(user.UserName)).ToArray();
        return users.Length > 0 || filter.IsPattern
            ? users
            : throw new ClusterException(
                ErrorCode.NotFound, $"There is no user '{ObjectName.Printable(filter.Name)}' on the cluster {connection.Address}.");
    }
}
