namespace HedvigStorage;

/// <summary>All attributes, in the order in which they are shown.</summary>
public static class AttributeTable
{
    /// <summary>Gets all attributes.</summary>
    public static IReadOnlyList<AttributeDefinition> All { get; } =
    [
        new(
            "replicationFactor",
            "a whole number from 1 to 6",
            new WholeNumberForm(1, 6),
            attributes => attributes.ReplicationFactor,
            (attributes, value) => attributes with { ReplicationFactor = (int)value }),
        new(
            "replicationPolicy",
            "Agnostic, RackAware or DataCenterAware",
            WordForm<ReplicationPolicy>.Instance,
            attributes => attributes.ReplicationPolicy,
            (attributes, value) => attributes with { ReplicationPolicy = (ReplicationPolicy)value }),
        new(
            "dataCenters",
            "data center names, separated by commas",
            NamesForm.Instance,
            attributes => attributes.DataCenters,
            (attributes, value) => attributes with { DataCenters = (IReadOnlyList<string>)value }),
        new(
            "residence",
            "HDD or Flash",
            WordForm<Residence>.Instance,
            attributes => attributes.Residence,
            (attributes, value) => attributes with { Residence = (Residence)value }),
        new(
            "cacheEnabled",
            "true or false",
            FlagForm.Instance,
            attributes => attributes.CacheEnabled,
            (attributes, value) => attributes with { CacheEnabled = (bool)value }),
        new(
            "compression",
            "true or false",
            FlagForm.Instance,
            attributes => attributes.Compression,
            (attributes, value) => attributes with { Compression = (bool)value }) { WireName = "compressed" },
        new(
            "deduplication",
            "true or false; true needs compression",
            FlagForm.Instance,
            attributes => attributes.Deduplication,
            (attributes, value) => attributes with { Deduplication = (bool)value }) { SchemaDescription = "Needs compression." },
        new(
            "encryption",
            "true or false; true needs an engine with key management",
            FlagForm.Instance,
            attributes => attributes.Encryption,
            (attributes, value) => attributes with { Encryption = (bool)value })
        { SchemaDescription = "Refused unless the engine keeps the promise." },
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
