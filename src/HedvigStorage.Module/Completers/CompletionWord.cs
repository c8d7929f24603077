using System.Management.Automation.Language;

namespace HedvigStorage.Completers;

/// <summary>The word that is to be completed: its text without quotes, and how names are written in its place.</summary>
internal sealed class CompletionWord
{
    private readonly char? _quote;
    private readonly bool _escapesWildcards;
    private readonly WildcardPattern _pattern;

    public CompletionWord(string? word, bool escapesWildcards)
    {
        var text = word ?? string.Empty;
        _quote = text.Length > 0 && text[0] is '\'' or '"' ? text[0] : null;
        _escapesWildcards = escapesWildcards;
        Text = text.Trim('\'', '"');
        _pattern = new WildcardPattern(Text + "*", WildcardOptions.IgnoreCase);
    }

    public string Text { get; }

    /// <summary>Gets a pattern that a cluster knows and that matches at least what the word does; <see langword="null"/> is all.</summary>
    public string? ClusterPattern => Text.Length == 0 || Text.IndexOfAny(['[', ']', '`']) >= 0 ? null : Text + "*";

    public bool Matches(string name) => _pattern.IsMatch(name);

    /// <summary>Writes a name as a script may have it in the place of the word.</summary>
    public string Write(string name)
    {
        var text = _escapesWildcards ? WildcardPattern.Escape(name) : name;
        return _quote == '"'
            ? "\"" + text.Replace("`", "``").Replace("\"", "`\"").Replace("$", "`$") + "\""
            : _quote == '\'' || NeedsQuotes(text) ? "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'" : text;
    }

    // What begins with a digit may be taken for a number, and lose its zeros.
    private static bool NeedsQuotes(string text) =>
        text.Length == 0 || !char.IsLetter(text[0])
            || !text.All(character => char.IsLetterOrDigit(character) || character is '_' or '.' or '-' or ':' or '/');
}
