using System.Text.RegularExpressions;

namespace HedvigStorage.Architecture;

/// <summary>Forms that readers stumble over, and what is written in their place.</summary>
internal static class OldEnglish
{
    private static readonly (Regex Pattern, string Instead)[] Forms =
    [
        (Form("(?<![Tt]here |[A-Za-z])(?:is|are)[ _]no[ _](?!longer|such)"), "is not a"),
        (Form("(?<![A-Za-z])shall(?![a-z])"), "should, must, or the present tense"),
        (Form("(?<![A-Za-z])anew(?![a-z])"), "again, re-"),
        (Form("unless told"), "default: …"),
        (Form("is there already"), "already exists"),
        (Form("is there twice"), "is given twice"),
        (Form("nothing more to do with"), "gives up ownership"),
        (Form("oes by the name"), "is named"),
        (Form("network readable"), "in clear text"),
    ];

    /// <summary>Gets what a line has of them: the form, and what is written in its place.</summary>
    public static IEnumerable<string> In(string line) =>
        Forms.Where(form => form.Pattern.IsMatch(line)).Select(form => $"{form.Pattern.Match(line).Value.Trim()} -> {form.Instead}");

    private static Regex Form(string pattern) => new(pattern, RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
