namespace HedvigStorage;

/// <summary>How many scheduled snapshots are kept: an object of numbers in documents, <c>hourly=24,daily=7</c> as text.</summary>
public sealed class ScheduleForm : PropertyForm
{
    private ScheduleForm()
    {
    }

    /// <summary>Gets the form.</summary>
    public static ScheduleForm Instance { get; } = new();

    /// <inheritdoc/>
    internal override WrittenForm WrittenForm => WrittenForm.Schedule;

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema => [Keyword("$ref", "#/$defs/snapshotSchedule")];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error)
    {
        const string Rule = "Give counts such as hourly=24,daily=7,weekly=4, or none.";
        var schedule = SnapshotSchedule.None;
        foreach (var part in text.Trim() is "none" ? [] : text.Split(','))
        {
            var separator = part.IndexOf('=');
            var frequency = separator < 0 ? null : SnapshotFrequencyLimit.Find(part.Substring(0, separator).Trim());
            if (frequency is null)
            {
                return Wrong($"'{ObjectName.Printable(text)}' is not a snapshot schedule. {Rule}", out error);
            }

            if (frequency.Form.Parse(part.Substring(separator + 1).Trim(), out error) is not int count)
            {
                return null;
            }

            schedule = frequency.With(schedule, count);
        }

        return Right(schedule, out error);
    }

    /// <inheritdoc/>
    public override object Write(object value) => SnapshotFrequencyLimit.All.ToDictionary(
        limit => limit.Name, limit => (object)((SnapshotSchedule)value).Count(limit.Frequency), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string? Show(object value) => value.ToString();
}
