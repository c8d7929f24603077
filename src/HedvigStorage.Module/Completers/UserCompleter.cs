namespace HedvigStorage.Completers;

/// <summary>Completes names of users of the cluster.</summary>
internal sealed class UserCompleter : ClusterNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var users = await cluster.Administration.ListUsersAsync(cancellationToken).ConfigureAwait(false);
        return users.Select(user => new Candidate(user.UserName, user.DisplayName.Length == 0 ? user.Role.ToString() : $"{user.Role}, "
            + $"{user.DisplayName}")).ToArray();
    }
}
