using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HedvigStorage.Documents;

/// <summary>Times as people write them: <c>1m30s</c>, or a bare number of seconds.</summary>
internal static class DurationText
{
    private static readonly Regex Parts = new("^(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m(?!s))?(?:(?<s>[0-9]{1,9})s)?(?:(?<ms>[0-9]{1,9})ms)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

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

        long Part(string name) => match.Groups[name] is { Success: true } group ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        time = TimeSpan.FromTicks((((((Part("h") * 60) + Part("m")) * 60) + Part("s")) * TimeSpan.TicksPerSecond) + (Part("ms") * TimeSpan.TicksPerMillisecond));
        return true;
    }

    public static string Write(TimeSpan time)
    {
        var text = string.Empty;
        void Add(long number, string unit) => text += number > 0 ? number.ToString(CultureInfo.InvariantCulture) + unit : string.Empty;
        Add((long)time.TotalHours, "h");
        Add(time.Minutes, "m");
        Add(time.Seconds, "s");
        Add(time.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text;
    }
}
