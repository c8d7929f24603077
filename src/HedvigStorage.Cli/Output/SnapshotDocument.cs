namespace HedvigStorage.Cli.Output;

/// <summary>A snapshot, as <c>hv snapshot</c> tells it: sizes as documents write them, and in bytes.</summary>
internal sealed record SnapshotDocument(
    string Type, string Volume, string Name, string Size, long SizeBytes, DateTimeOffset CreatedAt, bool Scheduled)
{
    public static string[] Headings { get; } = ["VOLUME", "NAME", "SIZE", "CREATED", "SCHEDULED"];

    public static SnapshotDocument Of(Snapshot snapshot) =>
        new(
            "snapshot",
            snapshot.Volume,
            snapshot.Name,
            new ByteSize(snapshot.Size).ToString(),
            snapshot.Size,
            snapshot.CreatedAt,
            snapshot.Frequency is not null);

    public string[] Row() =>
        [Volume, Name, new ByteSize(SizeBytes).ToDisplayString(), CreatedAt.UtcDateTime.ToString(
            "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), Scheduled ? "yes" : "no"];
}
