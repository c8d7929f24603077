namespace HedvigStorage.Completers;

/// <summary>Completes names of policies.</summary>
internal sealed class PolicyCompleter : ClusterNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var policies = await cluster.ListPoliciesAsync(cancellationToken).ConfigureAwait(false);
        return policies.Select(policy => new Candidate(policy.Name, policy.Requested.ToString())).ToArray();
    }
}
