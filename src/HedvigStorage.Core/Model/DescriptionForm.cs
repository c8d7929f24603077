namespace HedvigStorage;

/// <summary>Text for people: see <see cref="PrintableText"/>.</summary>
public sealed class DescriptionForm : PropertyForm
{
    private DescriptionForm()
    {
    }

    /// <summary>Gets the form.</summary>
    public static DescriptionForm Instance { get; } = new();

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema => [Keyword("type", "string")];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) =>
        PrintableText.WhatIsWrong("description", text) is { } wrong ? Wrong(wrong, out error) : Right(text, out error);
}
