namespace HedvigStorage;

/// <summary>True or false.</summary>
public sealed class FlagForm : PropertyForm
{
    private FlagForm()
    {
    }

    /// <summary>Gets the form.</summary>
    public static FlagForm Instance { get; } = new();

    /// <inheritdoc/>
    internal override WrittenForm WrittenForm => WrittenForm.Flag;

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema => [Keyword("type", "boolean")];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) => bool.TryParse(text, out var flag)
        ? Right(flag, out error)
        : Wrong($"'{ObjectName.Printable(text)}' is not true or false.", out error);
}
