namespace HedvigStorage.Completers;

/// <summary>Completes names of snapshots: those of the volume that the command names, else those of all.</summary>
internal sealed class SnapshotCompleter : ClusterNameCompleter
{
    private protected override string Key(CompletionRequest request) => $"{Volume(request)}@{request.Word.ClusterPattern}";

    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        ICluster cluster, CompletionRequest request, CancellationToken cancellationToken)
    {
        var volume = Volume(request);
        var query = new SnapshotQuery { Volume = volume, Pattern = request.Word.ClusterPattern };
        var page = await cluster.ListSnapshotsAsync(query, cancellationToken).ConfigureAwait(false);
        return page.Items.Select(
            snapshot =>
                new Candidate(
                    snapshot.Name,
                    $"{(volume is null ? $"of {snapshot.Volume}, " : string.Empty)}{new ByteSize(snapshot.Size).ToDisplayString()}, "
                        + $"{snapshot.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}")).ToArray();
    }

    // Where the snapshot is not what the command is about, its volume is the command's own name.
    private static string? Volume(CompletionRequest request) =>
        request.FindName("Volume")
            ?? (string.Equals(request.Parameter, "Snapshot", System.StringComparison.OrdinalIgnoreCase) ? request.FindName("Name") : null);
}
