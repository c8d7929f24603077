namespace HedvigStorage.Docker;

/// <summary>
/// A setting of containers that the engine keeps and that this product only hands on: what documents call it and how it is written. Values
/// are lists of texts in one normal form, so that what a document says and what an engine answers are compared by meaning.
/// </summary>
public sealed record ContainerSetting
{
    // Of a processor: the kernel gives nobody less.
    private const decimal LeastNumber = 0.01m;

    internal ContainerSetting(string name, ContainerSettingForm form)
    {
        Name = name;
        Form = form;
    }

    /// <summary>
    /// Gets what documents call it; a dot stands between the name of an object and that of its member, as in <c>resources.memory</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>Gets how it is written.</summary>
    public ContainerSettingForm Form { get; }

    /// <summary>Gets the value that a container has unless another was asked for, in the normal form; empty where there is none.</summary>
    public IReadOnlyList<string> Default { get; init; } = [];

    /// <summary>Gets the least number or size.</summary>
    public long Minimum { get; init; } = 1;

    /// <summary>Gets the greatest number or size.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Gets whether <c>unlimited</c> is a value.</summary>
    public bool CanBeUnlimited { get; init; }

    /// <summary>Gets whether its values may be secret, so that only their names are shown.</summary>
    public bool Hidden { get; init; }

    /// <summary>Gets what documents may write an item as, in the words of JSON schemas.</summary>
    internal string[] JsonTypes { get; init; } = ["string"];

    /// <summary>Gets what the schema says of it beside its form.</summary>
    internal string? Description { get; init; }

    /// <summary>
    /// Gets what brings an item into its normal form, or throws <see cref="FormatException"/> with a text of what is right.
    /// </summary>
    internal Func<string, string>? NormaliseItem { get; init; }

    /// <summary>Brings a value into the normal form.</summary>
    /// <param name="items">The value: one item but of lists, sets and maps.</param>
    /// <exception cref="FormatException">One is wrong; the message says what is right.</exception>
    public IReadOnlyList<string> Normalise(IEnumerable<string> items)
    {
        var normal = items.Select(NormaliseOne);
        return Form switch
        {
            ContainerSettingForm.Set or ContainerSettingForm.Map =>
                normal.Distinct(StringComparer.Ordinal).OrderBy(item => item, StringComparer.Ordinal).ToArray(),
            _ => normal.ToArray(),
        };
    }

    /// <summary>Writes a value for people.</summary>
    /// <param name="value">The value in the normal form.</param>
    public string? Show(IReadOnlyList<string> value) => value.Count == 0 ? null : Form switch
    {
        ContainerSettingForm.Size when value[0] is "-1" => "unlimited",
        ContainerSettingForm.Size when long.TryParse(value[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) =>
            new ByteSize(bytes).ToString(),
        _ => string.Join(" ", value.Select(item => Hidden ? item.Split('=')[0] : item)),
    };

    private string NormaliseOne(string item) => Form switch
    {
        ContainerSettingForm.Size when CanBeUnlimited && item is "-1" or "unlimited" => "-1",
        ContainerSettingForm.Size =>
            Range(ByteSize.TryParse(item, out var size, out var error) ? size.Bytes : throw new FormatException(error), item),
        ContainerSettingForm.WholeNumber =>
            Range(
                long.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw Wrong(item, "a whole number"),
                item),
        ContainerSettingForm.Number =>
            decimal.TryParse(item, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number < LeastNumber
                ? throw Wrong(item, $"a number from {LeastNumber.ToString(CultureInfo.InvariantCulture)} on, such as 1.5")
                : number.ToString("0.#########", CultureInfo.InvariantCulture)
            : throw Wrong(item, "a number above 0, such as 1.5"),
        ContainerSettingForm.Flag => bool.TryParse(item, out var flag) ? (flag ? "true" : "false") : throw Wrong(item, "true or false"),
        _ when item.Length == 0 || item.Any(char.IsControl) => throw Wrong(item, "a text without control characters"),
        _ => NormaliseItem?.Invoke(item) ?? item,
    };

    private string Range(long number, string item) => number >= Minimum && number <= Maximum
        ? number.ToString(CultureInfo.InvariantCulture)
        : throw new FormatException(
            $"'{ObjectName.Printable(item)}' is out of range: the least is "
                + $"{Limit(Minimum)}{(Maximum == long.MaxValue ? string.Empty : $", the most {Limit(Maximum)}")}.");

    private string Limit(long number) =>
        Form == ContainerSettingForm.Size ? new ByteSize(number).ToString() : number.ToString(CultureInfo.InvariantCulture);

    internal static FormatException Wrong(string item, string right) => new($"'{ObjectName.Printable(item)}' is not valid: give {right}.");
}
