namespace HedvigStorage;

/// <summary>The name of an object: see <see cref="ObjectName"/>.</summary>
/// <param name="kind">What it names, such as <c>volume</c>; it is part of messages.</param>
public sealed class NameForm(string kind) : PropertyForm
{
    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema => [Keyword("$ref", "#/$defs/name")];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) => ObjectName.IsValid(text)
        ? Right(text, out error)
        : Wrong(ObjectName.Describe(kind, text), out error);
}
