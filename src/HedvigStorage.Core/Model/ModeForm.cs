namespace HedvigStorage;

/// <summary>Permission bits in octal digits, as chmod takes them: see <see cref="PermissionBits"/>.</summary>
public sealed class ModeForm : PropertyForm
{
    private ModeForm()
    {
    }

    /// <summary>Gets the form.</summary>
    public static ModeForm Instance { get; } = new();

    /// <inheritdoc/>
    internal override WrittenForm WrittenForm => WrittenForm.Mode;

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, object>> Schema =>
        [Keyword("type", "string"), Keyword("pattern", "^(0o)?[0-7]{1,5}$")];

    /// <inheritdoc/>
    public override object? Parse(string text, out string? error) => PermissionBits.TryParse(text, out var mode)
        ? Right(mode, out error)
        : Wrong($"'{ObjectName.Printable(text)}' is not a valid file mode. {PermissionBits.Rule}", out error);

    /// <inheritdoc/>
    public override object Write(object value) => PermissionBits.Format((int)value);
}
