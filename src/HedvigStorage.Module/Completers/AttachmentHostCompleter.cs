namespace HedvigStorage.Completers;

/// <summary>Completes names of hosts that have volumes attached.</summary>
internal sealed class AttachmentHostCompleter : ClusterNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var attachments = await cluster.ListAttachmentsAsync(host: null, cancellationToken).ConfigureAwait(false);
        return attachments.GroupBy(attachment => attachment.Host, System.StringComparer.Ordinal)
            .Select(
                host =>
                    new Candidate(
                        host.Key, host.Count() == 1 ? $"has {host.First().Volume} attached" : $"has {host.Count()} volumes attached"))
            .ToArray();
    }
}
