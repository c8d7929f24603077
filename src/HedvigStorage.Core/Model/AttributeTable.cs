namespace HedvigStorage;

/// <summary>One attribute: its name in documents, policies and Docker options, and how to read and write its value.</summary>
public sealed class AttributeDefinition
{
    private readonly Func<VolumeAttributes, string, VolumeAttributes?> _parse;

    internal AttributeDefinition(string name, string description, Func<VolumeAttributes, object?> get, Func<VolumeAttributes, string, VolumeAttributes?> parse)
    {
        Name = name;
        Description = description;
        Get = get;
        _parse = parse;
    }

    /// <summary>Gets the name, such as <c>replicationFactor</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the values that are right, in words.</summary>
    public string Description { get; }

    /// <summary>Gets the function that reads the value, <see langword="null"/> if it is not specified.</summary>
    public Func<VolumeAttributes, object?> Get { get; }

    /// <summary>Sets the value from text.</summary>
    /// <param name="attributes">The attributes to change a copy of.</param>
    /// <param name="text">The value, as an option or a document gives it.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the text is not a valid value of this attribute.</exception>
    public VolumeAttributes With(VolumeAttributes attributes, string text) => _parse(attributes, text.Trim())
        ?? throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(text)}' is not a value of {Name}. Give {Description}.");
}

/// <summary>All attributes, in the order in which they are shown.</summary>
public static class AttributeTable
{
    /// <summary>Gets all attributes.</summary>
    public static IReadOnlyList<AttributeDefinition> All { get; } =
    [
        new("replicationFactor", "a whole number from 1 to 6", a => a.ReplicationFactor, (a, text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 6 ? a with { ReplicationFactor = value } : null),
        new("replicationPolicy", "Agnostic, RackAware or DataCenterAware", a => a.ReplicationPolicy, (a, text) =>
            TryParseWord<ReplicationPolicy>(text, out var value) ? a with { ReplicationPolicy = value } : null),
        new("dataCenters", "data center names, separated by commas", a => a.DataCenters, (a, text) =>
            a with { DataCenters = text.Split(',').Select(name => name.Trim()).Where(name => name.Length > 0).ToArray() }),
        new("residence", "HDD or Flash", a => a.Residence, (a, text) =>
            TryParseWord<Residence>(text, out var value) ? a with { Residence = value } : null),
        new("cacheEnabled", "true or false", a => a.CacheEnabled, (a, text) =>
            bool.TryParse(text, out var value) ? a with { CacheEnabled = value } : null),
        new("compression", "true or false", a => a.Compression, (a, text) =>
            bool.TryParse(text, out var value) ? a with { Compression = value } : null),
        new("deduplication", "true or false; true needs compression", a => a.Deduplication, (a, text) =>
            bool.TryParse(text, out var value) ? a with { Deduplication = value } : null),
        new("encryption", "true or false; true needs an engine with key management", a => a.Encryption, (a, text) =>
            bool.TryParse(text, out var value) ? a with { Encryption = value } : null),
    ];

    /// <summary>Finds an attribute by name, in any letter case.</summary>
    /// <param name="name">The name.</param>
    public static AttributeDefinition? Find(string name) =>
        All.FirstOrDefault(attribute => string.Equals(attribute.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an enumeration's word in any letter case; numbers are not words.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="text">The word.</param>
    /// <param name="value">The value.</param>
    public static bool TryParseWord<T>(string? text, out T value)
        where T : struct, Enum
    {
        var trimmed = text?.Trim();
        foreach (var (word, candidate) in EnumWords<T>.All)
        {
            if (string.Equals(word, trimmed, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Compares two values of one attribute.</summary>
    /// <param name="left">A value.</param>
    /// <param name="right">A value.</param>
    public static bool SameValue(object? left, object? right) =>
        left is IReadOnlyList<string> names && right is IReadOnlyList<string> others
            ? names.SequenceEqual(others, StringComparer.Ordinal)
            : Equals(left, right);

    /// <summary>Writes a value for people, who do not see an empty list.</summary>
    /// <param name="value">A value.</param>
    public static string? Show(object? value) => value is IReadOnlyList<string> { Count: 0 } ? "none" : Format(value);

    /// <summary>Writes a value as a document would.</summary>
    /// <param name="value">A value.</param>
    public static string? Format(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        IReadOnlyList<string> names => string.Join(",", names),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
