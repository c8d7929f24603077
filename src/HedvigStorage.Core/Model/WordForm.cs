namespace HedvigStorage;

/// <summary>One of some words, in any letter case.</summary>
public abstract class WordForm : PropertyForm
{
    private protected WordForm(IReadOnlyList<string> words) => Words = words;

    /// <summary>Gets the words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema =>
        [Keyword("enum", (ShowsLowerCase ? Words.Concat(Words.Select(word => word.ToLowerInvariant())) : Words).ToArray())];

    /// <summary>Gets whether editors that know the schema are to take the words in small letters too, as other tools write them.</summary>
    internal bool ShowsLowerCase { get; init; }

    /// <inheritdoc/>
    public override object Write(object value) => value.ToString();
}

/// <summary>One of the words of an enumeration.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal sealed class WordForm<T>() : WordForm(EnumWords<T>.All.Select(word => word.Word).ToArray())
    where T : struct, Enum
{
    public static WordForm<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) => AttributeTable.TryParseWord<T>(text, out var word)
        ? Right(word, out error)
        : Wrong($"'{ObjectName.Printable(text)}' is not one of {string.Join(", ", Words)}.", out error);
}
