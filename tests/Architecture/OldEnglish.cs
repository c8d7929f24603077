using System.Text.RegularExpressions;

namespace HedvigStorage.Architecture;

/// <summary>Forms that readers stumble over, and what is written in their place.</summary>
internal static partial class OldEnglish
{
    private static readonly (Regex Pattern, string Instead)[] Forms =
    [
        (IsNo(), "is not a"),
        (Shall(), "should, must, or the present tense"),
        (Anew(), "again, re-"),
        (UnlessTold(), "default: …"),
        (IsThereAlready(), "already exists"),
    ];

    /// <summary>Gets what a line has of them: the form, and what is written in its place.</summary>
    public static IEnumerable<string> In(string line) =>
        Forms.Where(form => form.Pattern.IsMatch(line)).Select(form => $"{form.Pattern.Match(line).Value.Trim()} -> {form.Instead}");

    [GeneratedRegex("(?<![Tt]here |[A-Za-z])(?:is|are)[ _]no[ _](?!longer|such)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IsNo();

    [GeneratedRegex("(?<![A-Za-z])shall(?![a-z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shall();

    [GeneratedRegex("(?<![A-Za-z])anew(?![a-z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Anew();

    [GeneratedRegex("unless told", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnlessTold();

    [GeneratedRegex("is there already", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IsThereAlready();
}
