namespace HedvigStorage.Cli.Output;

/// <summary>A volume, as <c>hv volume</c> tells it: sizes as documents write them, and in bytes.</summary>
internal sealed record VolumeDocument(
    string Type,
    string Name,
    string Size,
    long SizeBytes,
    long? UsedBytes,
    string VolumeType,
    string FileSystem,
    string? Policy,
    bool Protected,
    int Snapshots,
    string? Host,
    string? From,
    string? Description,
    DateTimeOffset? CreatedAt,
    string? Damage,
    int? MovedPercent)
{
    public static string[] Headings { get; } = ["NAME", "SIZE", "USED", "POLICY", "SNAPSHOTS", "HOST"];

    public static VolumeDocument Of(Volume volume) => new(
        "volume",
        volume.Name,
        new ByteSize(volume.Size).ToString(),
        volume.Size,
        volume.Allocated,
        volume.Type.ToString(),
        volume.FileSystem.ToString().ToLowerInvariant(),
        volume.Policy,
        volume.Protected,
        volume.SnapshotCount,
        volume.Attachment?.Host,
        volume.SourceVolume is null
            ? null
            : volume.SourceSnapshot is null
            ? volume.SourceVolume
            : $"{volume.SourceVolume}@{volume.SourceSnapshot}",
        volume.Description.Length == 0 ? null : volume.Description,
        volume.CreatedAt,
        volume.Damage,
        volume.MovedPercent);

    public string[] Row() =>
        [Name, new ByteSize(SizeBytes).ToDisplayString(), UsedBytes is { } used ? new ByteSize(used)
            .ToDisplayString() : "-", Policy ?? "-", Snapshots.ToString(CultureInfo.InvariantCulture), Host ?? "-"];
}
