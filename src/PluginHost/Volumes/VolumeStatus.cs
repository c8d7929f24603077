namespace HedvigStorage.PluginHost.Volumes;

/// <summary>
/// What <c>docker volume inspect</c> shows of a volume under <c>Status</c>. Every value is a text, and what is not known is left out.
/// </summary>
internal static class VolumeStatus
{
    private const int ShownSnapshots = 10;

    /// <summary>Describes a volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="snapshots">Its snapshots, as far as they are known.</param>
    /// <param name="step">What is being done to it, if anything is.</param>
    /// <param name="lastError">What went wrong last, if anything did.</param>
    public static IReadOnlyDictionary<string, string> Describe(
        Volume volume, IReadOnlyCollection<Snapshot> snapshots, string? step, string? lastError)
    {
        var status = new Dictionary<string, string>(StringComparer.Ordinal) { ["size"] = new ByteSize(volume.Size).ToString() };
        Add("used", volume.Allocated is { } allocated ? new ByteSize(allocated).ToDisplayString() : null);
        Add("fs", volume.FileSystem.ToString().ToLowerInvariant());
        Add("policy", volume.Policy);
        foreach (var attribute in AttributeTable.All)
        {
            Add(attribute.Name, AttributeTable.Show(attribute.Get(volume.Effective)));
        }

        Add("movedPercent", volume.MovedPercent?.ToString(CultureInfo.InvariantCulture));
        if (volume.Attachment is { } lease)
        {
            Add("attachedHost", lease.Host);
            Add(
                "attachedSince",
                lease.AttachedAt == default
                    ? null
                    : lease.AttachedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            Add("generation", lease.Generation.ToString(CultureInfo.InvariantCulture));
        }

        Add("snapshotCount", volume.SnapshotCount.ToString(CultureInfo.InvariantCulture));
        Add("snapshots", List(snapshots));
        Add("step", step);
        Add("lastError", lastError);
        return status;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                status[name] = value;
            }
        }
    }

    private static string List(IReadOnlyCollection<Snapshot> snapshots)
    {
        var names = snapshots.OrderByDescending(snapshot => snapshot.CreatedAt).ThenBy(snapshot => snapshot.Name, StringComparer.Ordinal)
            .Take(ShownSnapshots).Select(snapshot => snapshot.Name);
        var more = snapshots.Count > ShownSnapshots
            ? string.Create(CultureInfo.InvariantCulture, $" \u2026 and {snapshots.Count - ShownSnapshots} more")
            : string.Empty;
        return string.Join(", ", names) + more;
    }
}
