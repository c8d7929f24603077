namespace HedvigStorage.Parameters;

/// <summary>A name as a Get cmdlet takes it: literal, or a pattern with wildcards.</summary>
internal sealed class NameFilter
{
    private readonly WildcardPattern? _pattern;

    public NameFilter(string text)
    {
        IsPattern = WildcardPattern.ContainsWildcardCharacters(text);
        _pattern = IsPattern ? new WildcardPattern(text, WildcardOptions.IgnoreCase) : null;
        Name = IsPattern ? text : WildcardPattern.Unescape(text);

        // A cluster knows * and ?; ranges and escapes are left to this side.
        ClusterPattern = IsPattern && text.IndexOfAny(['[', '`']) < 0 ? text : null;
    }

    public bool IsPattern { get; }

    public string Name { get; }

    public string? ClusterPattern { get; }

    public bool Matches(string name) => _pattern?.IsMatch(name) ?? string.Equals(Name, name, System.StringComparison.Ordinal);
}
