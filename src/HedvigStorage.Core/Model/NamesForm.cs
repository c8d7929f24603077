namespace HedvigStorage;

/// <summary>A list of names, which text separates by commas.</summary>
public sealed class NamesForm : PropertyForm
{
    private NamesForm()
    {
    }

    /// <summary>Gets the form.</summary>
    public static NamesForm Instance { get; } = new();

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema =>
        [Keyword("type", "array"), Keyword("items", new Dictionary<string, object>(StringComparer.Ordinal) { ["type"] = "string" })];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) =>
        Right(Clean(text.Split(',')), out error);

    /// <summary>Takes blanks around names away, and names of nothing else.</summary>
    /// <param name="names">The names.</param>
    public static IReadOnlyList<string> Clean(IEnumerable<string> names) =>
        names.Select(name => name.Trim()).Where(name => name.Length > 0).ToArray();
}
