namespace HedvigStorage.Completers;

/// <summary>Completes names of volumes.</summary>
internal sealed class VolumeCompleter : ClusterNameCompleter
{
    // A cluster may have a hundred thousand: it is asked for those that fit, and no more than a page.
    private protected override string Key(CompletionRequest request) => request.Word.ClusterPattern ?? string.Empty;

    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var page = await cluster.ListVolumesAsync(new VolumeQuery { Pattern = request.Word.ClusterPattern }, cancellationToken)
            .ConfigureAwait(false);
        return page.Items.Select(volume => new Candidate(volume.Name, Describe(volume))).ToArray();
    }

    private static string Describe(Volume volume)
    {
        var policy = volume.Policy is { } name ? $", policy {name}" : string.Empty;
        var host = volume.Attachment is { } attachment ? $", attached to {attachment.Host}" : string.Empty;
        return $"{new ByteSize(volume.Size).ToDisplayString()}, {volume.Type}{policy}{host}";
    }
}
