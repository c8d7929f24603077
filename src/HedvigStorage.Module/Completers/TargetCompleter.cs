namespace HedvigStorage.Completers;

/// <summary>Completes names of targets.</summary>
internal sealed class TargetCompleter : ClusterNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var targets = await cluster.Access.ListTargetsAsync(computeHost: null, cancellationToken).ConfigureAwait(false);
        return targets.Select(target => new Candidate(target.Name, target.Protocol.ToString())).ToArray();
    }
}
