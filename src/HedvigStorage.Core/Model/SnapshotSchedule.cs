namespace HedvigStorage;

/// <summary>How often a cluster takes snapshots of the volumes of a policy, and how many of each it keeps. All of it is in UTC.</summary>
public sealed record SnapshotSchedule
{
    /// <summary>The most hourly snapshots: those of a week.</summary>
    public const int MaximumHourly = 168;

    /// <summary>The most daily snapshots: those of a year.</summary>
    public const int MaximumDaily = 366;

    /// <summary>The most weekly snapshots: those of ten years.</summary>
    public const int MaximumWeekly = 520;

    /// <summary>Gets the schedule that takes none.</summary>
    public static SnapshotSchedule None { get; } = new();

    /// <summary>Gets how many snapshots of the full hour are kept, 0 to 168; 0 takes none.</summary>
    public int Hourly { get; init; }

    /// <summary>Gets how many snapshots of midnight are kept, 0 to 366; 0 takes none.</summary>
    public int Daily { get; init; }

    /// <summary>Gets how many snapshots of Monday's midnight are kept, 0 to 520; 0 takes none.</summary>
    public int Weekly { get; init; }

    /// <summary>Gets whether no snapshots are taken.</summary>
    public bool IsEmpty => Hourly == 0 && Daily == 0 && Weekly == 0;

    /// <summary>Gets how many snapshots of one frequency are kept.</summary>
    /// <param name="frequency">The frequency.</param>
    public int Count(SnapshotFrequency frequency) => frequency switch
    {
        SnapshotFrequency.Hourly => Hourly,
        SnapshotFrequency.Daily => Daily,
        _ => Weekly,
    };

    /// <summary>Refuses numbers outside their ranges.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public void Check()
    {
        Check("hourly", Hourly, MaximumHourly);
        Check("daily", Daily, MaximumDaily);
        Check("weekly", Weekly, MaximumWeekly);
    }

    /// <summary>Lists what is kept, such as <c>hourly=24,daily=7</c>; <c>none</c> if nothing is.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add("hourly", Hourly);
        Add("daily", Daily);
        Add("weekly", Weekly);
        return parts.Count == 0 ? "none" : string.Join(",", parts);

        void Add(string name, int count)
        {
            if (count > 0)
            {
                parts.Add($"{name}={count.ToString(CultureInfo.InvariantCulture)}");
            }
        }
    }

    private static void Check(string name, int count, int maximum)
    {
        if (count < 0 || count > maximum)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"{count} {name} snapshots are out of range: it is 0 to {maximum}.");
        }
    }
}

/// <summary>How often a scheduled snapshot is taken.</summary>
public enum SnapshotFrequency
{
    /// <summary>At the full hour.</summary>
    Hourly,

    /// <summary>At midnight.</summary>
    Daily,

    /// <summary>At Monday's midnight.</summary>
    Weekly,
}
