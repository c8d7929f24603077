namespace HedvigStorage.Parameters;

/// <summary>
/// Takes a time as a number of seconds, as text such as <c>00:01:30</c>, or as a time span. PowerShell by itself takes a number for ticks
/// of 100 nanoseconds.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ValueTransformationAttribute
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private protected override object? Read(object? value) => value switch
    {
        null => null,
        TimeSpan time when time >= Shortest && time <= Longest => time,
        int or long or double or decimal when Seconds(value) is { } time => time,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) =>
            Seconds(seconds) ?? throw Refuse(value),
        string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= Shortest && time <= Longest => time,
        _ => throw Refuse(value),
    };

    private static TimeSpan? Seconds(object value)
    {
        var seconds = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return seconds >= Shortest.TotalSeconds && seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static System.Management.Automation.ArgumentTransformationMetadataException Refuse(object? value) =>
        Refuse(value, "is not a time from 10 milliseconds to a day. Give a number of seconds, or a time such as 00:01:30.");
}
