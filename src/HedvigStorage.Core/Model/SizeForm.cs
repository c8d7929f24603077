namespace HedvigStorage;

/// <summary>A size above 0: see <see cref="ByteSize"/>.</summary>
public sealed class SizeForm : PropertyForm
{
    private SizeForm()
    {
    }

    /// <summary>Gets the form.</summary>
    public static SizeForm Instance { get; } = new();

    /// <inheritdoc/>
    internal override WrittenForm WrittenForm => WrittenForm.Scalar;

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema => [Keyword("$ref", "#/$defs/size")];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) =>
        !ByteSize.TryParse(text, out var size, out var wrong) ? Wrong(wrong!, out error)
        : size.Bytes == 0 ? Wrong("a size of 0 holds nothing. Give a size such as 512MB or 10GB.", out error)
        : Right(size, out error);

    /// <inheritdoc/>
    public override object Write(object value) => value.ToString();
}
