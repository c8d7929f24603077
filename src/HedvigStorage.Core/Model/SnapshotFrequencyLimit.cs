namespace HedvigStorage;

/// <summary>How many snapshots of one frequency a schedule may keep, and how that is written.</summary>
internal sealed class SnapshotFrequencyLimit
{
    private SnapshotFrequencyLimit(SnapshotFrequency frequency, int maximum, Func<SnapshotSchedule, int, SnapshotSchedule> with)
    {
        Frequency = frequency;
        Name = frequency.ToString().ToLowerInvariant();
        Form = new WholeNumberForm(0, maximum);
        With = with;
    }

    public static IReadOnlyList<SnapshotFrequencyLimit> All { get; } =
    [
        new(SnapshotFrequency.Hourly, SnapshotSchedule.MaximumHourly, (schedule, count) => schedule with { Hourly = count }),
        new(SnapshotFrequency.Daily, SnapshotSchedule.MaximumDaily, (schedule, count) => schedule with { Daily = count }),
        new(SnapshotFrequency.Weekly, SnapshotSchedule.MaximumWeekly, (schedule, count) => schedule with { Weekly = count }),
    ];

    public SnapshotFrequency Frequency { get; }

    /// <summary>Gets the name in documents and requests.</summary>
    public string Name { get; }

    public WholeNumberForm Form { get; }

    public Func<SnapshotSchedule, int, SnapshotSchedule> With { get; }

    public static SnapshotFrequencyLimit? Find(string name) =>
        All.FirstOrDefault(limit => string.Equals(limit.Name, name, StringComparison.OrdinalIgnoreCase));
}
