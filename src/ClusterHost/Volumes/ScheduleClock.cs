using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Tells when scheduled snapshots are due.</summary>
internal static class ScheduleClock
{
    /// <summary>The last instant of a frequency: the full hour, midnight, or Monday's midnight, in UTC.</summary>
    public static DateTimeOffset LastDue(SnapshotFrequency frequency, DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        return new DateTimeOffset(frequency switch
        {
            SnapshotFrequency.Hourly => utc.Date.AddHours(utc.Hour),
            SnapshotFrequency.Daily => utc.Date,
            _ => utc.Date.AddDays(-(((int)utc.DayOfWeek + 6) % 7)),
        });
    }

    /// <summary>Tells whether the snapshot of an instant is still to be taken.</summary>
    public static bool IsDue(ScheduledVolume volume, DateTimeOffset due)
    {
        if (volume.Since >= due)
        {
            return false;
        }

        // A little ahead is a clock that was set back a little. Far ahead is one that was wrong: it must not end the schedule.
        return volume.Done is not { } done || done < due || done - due > Period(volume.Frequency);
    }

    public static string NameOf(SnapshotFrequency frequency, DateTimeOffset due) =>
        $"{WordOf(frequency)}-{due.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture)}";

    public static string WordOf(SnapshotFrequency frequency) => frequency switch
    {
        SnapshotFrequency.Hourly => "hourly",
        SnapshotFrequency.Daily => "daily",
        _ => "weekly",
    };

    private static TimeSpan Period(SnapshotFrequency frequency) => frequency switch
    {
        SnapshotFrequency.Hourly => TimeSpan.FromHours(1),
        SnapshotFrequency.Daily => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(7),
    };
}
