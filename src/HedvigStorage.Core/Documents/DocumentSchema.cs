namespace HedvigStorage.Documents;

/// <summary>Parts of JSON schemas, their keywords in the order in which they are written.</summary>
internal static class DocumentSchema
{
    public static IReadOnlyList<KeyValuePair<string, object>> Reference(string definition) => [Keyword("$ref", "#/$defs/" + definition)];

    /// <summary>Values of one type, or of several.</summary>
    public static IReadOnlyList<KeyValuePair<string, object>> Type(params string[] types) =>
        [Keyword("type", types.Length == 1 ? types[0] : types)];

    public static IReadOnlyList<KeyValuePair<string, object>> Text(string? pattern = null, int? minLength = null) =>
        Given(
            Keyword("type", "string"),
            minLength is { } length ? Keyword("minLength", length) : null,
            pattern is null ? null : Keyword("pattern", pattern));

    public static IReadOnlyList<KeyValuePair<string, object>> Number(object type, long? minimum = null, long? maximum = null) =>
        Given(
            Keyword("type", type),
            minimum is { } least ? Keyword("minimum", least) : null,
            maximum is { } most ? Keyword("maximum", most) : null);

    public static IReadOnlyList<KeyValuePair<string, object>> List(IReadOnlyList<KeyValuePair<string, object>> items) =>
        [Keyword("type", "array"), Keyword("items", Build(items))];

    public static IReadOnlyList<KeyValuePair<string, object>> Map(IReadOnlyList<KeyValuePair<string, object>> values) =>
        [Keyword("type", "object"), Keyword("additionalProperties", Build(values))];

    public static KeyValuePair<string, object> Keyword(string name, object value) => new(name, value);

    public static IReadOnlyDictionary<string, object> Build(IEnumerable<KeyValuePair<string, object>> keywords) =>
        Builder(keywords).Build();

    public static DocumentBuilder Builder(IEnumerable<KeyValuePair<string, object>> keywords)
    {
        var document = new DocumentBuilder();
        foreach (var keyword in keywords)
        {
            document.Add(keyword.Key, keyword.Value);
        }

        return document;
    }

    /// <summary>An object of members that are known.</summary>
    public static IReadOnlyDictionary<string, object> Object(
        IReadOnlyDictionary<string, object> properties, string? description = null, IReadOnlyCollection<string>? required = null)
    {
        var document = new DocumentBuilder();
        document.Add("type", "object");
        document.Add("additionalProperties", false);
        document.Add("description", description);
        document.Add("required", required is { Count: > 0 } ? required.ToArray() : null);
        document.Add("properties", properties);
        return document.Build();
    }

    private static KeyValuePair<string, object>[] Given(params KeyValuePair<string, object>?[] keywords) =>
        keywords.OfType<KeyValuePair<string, object>>().ToArray();
}
