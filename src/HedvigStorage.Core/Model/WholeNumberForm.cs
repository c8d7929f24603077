namespace HedvigStorage;

/// <summary>A whole number within limits.</summary>
/// <param name="minimum">The least.</param>
/// <param name="maximum">The greatest.</param>
public sealed class WholeNumberForm(int minimum, int maximum) : PropertyForm
{
    /// <summary>Gets the least.</summary>
    public int Minimum => minimum;

    /// <summary>Gets the greatest.</summary>
    public int Maximum => maximum;

    /// <inheritdoc/>
    internal override WrittenForm WrittenForm => WrittenForm.Scalar;

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema => maximum == int.MaxValue
        ? [Keyword("type", "integer"), Keyword("minimum", minimum)]
        : [Keyword("type", "integer"), Keyword("minimum", minimum), Keyword("maximum", maximum)];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum
            && number <= maximum
            ? Right(number, out error)
            : Wrong($"'{ObjectName.Printable(text)}' is out of range: give a whole number from {minimum} to {maximum}.", out error);
}
