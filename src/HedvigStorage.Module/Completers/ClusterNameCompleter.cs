namespace HedvigStorage.Completers;

/// <summary>
/// What completers have in common that ask the cluster: the one that <c>-Cluster</c> gives, else that of the default connection.
/// </summary>
internal abstract class ClusterNameCompleter : NameCompleter
{
    private protected sealed override IReadOnlyList<Candidate> Find(CompletionRequest request) =>
        CompletionConnection.Find(request) is { } cluster
        ? CompletionCache.Find(cluster.Client, $"{GetType().Name} {Key(request)}", token => FindAsync(cluster.Client, request, token))
        : [];

    /// <summary>Tells what the answer depends on besides the cluster.</summary>
    private protected virtual string Key(CompletionRequest request) => string.Empty;

    private protected abstract Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken);
}
