namespace HedvigStorage.Completers;

/// <summary>Completes names of the nodes of a cluster.</summary>
internal sealed class ClusterNodeCompleter : ClusterNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var information = await cluster.GetInformationAsync(cancellationToken).ConfigureAwait(false);
        return information.Nodes.Select(node => new Candidate(node, string.Empty)).ToArray();
    }
}
