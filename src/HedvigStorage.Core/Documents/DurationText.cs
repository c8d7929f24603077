using System.Text.RegularExpressions;

namespace HedvigStorage.Documents;

/// <summary>Times as people and other tools write them: <c>1m30s</c>, <c>1.5s</c>, <c>500us</c>, or a bare number of seconds.</summary>
internal static class DurationText
{
    private const long TicksPerMicrosecond = 10;

    private static readonly Regex Parts = new(
        "^(?:(?<h>[0-9]{1,6}(?:\\.[0-9]{1,9})?)h)?(?:(?<m>[0-9]{1,6}(?:\\.[0-9]{1,9})?)m(?!s))?"
        + "(?:(?<s>[0-9]{1,9}(?:\\.[0-9]{1,9})?)s)?(?:(?<ms>[0-9]{1,9}(?:\\.[0-9]{1,9})?)ms)?"
        + "(?:(?<us>[0-9]{1,9}(?:\\.[0-9]{1,9})?)[uµ]s)?\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1));

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            time = TimeSpan.FromSeconds(seconds);
            return true;
        }

        if (text.Length == 0 || Parts.Match(text) is not { Success: true } match)
        {
            return false;
        }

        decimal Part(string name, long ticks) =>
            match.Groups[name] is { Success: true } group
                ? decimal.Parse(group.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * ticks
                : 0;
        time = TimeSpan.FromTicks(
            (long)(
                Part("h", TimeSpan.TicksPerHour) + Part("m", TimeSpan.TicksPerMinute) + Part("s", TimeSpan.TicksPerSecond)
                    + Part("ms", TimeSpan.TicksPerMillisecond) + Part("us", TicksPerMicrosecond)));
        return true;
    }

    public static string Write(TimeSpan time)
    {
        var text = string.Empty;
        void Add(decimal number, string unit) =>
            text += number > 0 ? number.ToString("0.#", CultureInfo.InvariantCulture) + unit : string.Empty;
        Add((long)time.TotalHours, "h");
        Add(time.Minutes, "m");
        Add(time.Seconds, "s");
        Add(time.Milliseconds, "ms");
        Add(time.Ticks % TimeSpan.TicksPerMillisecond / (decimal)TicksPerMicrosecond, "us");
        return text.Length == 0 ? "0s" : text;
    }
}
