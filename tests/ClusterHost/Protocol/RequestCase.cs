namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>A request type as the table has it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Category">The category that real clients send.</param>
/// <param name="Parameters">Good parameters as JSON; NAME is another name each time, VOLUME a block volume that is there, FILE a file
/// volume that is there.</param>
/// <param name="Kinds">What each parameter is.</param>
/// <param name="Reads">What clients read of the answer: paths and types, see <see cref="Shape"/>.</param>
internal sealed record RequestCase(string Type, string Category, string Parameters, Parameter[] Kinds, string[] Reads)
{
    /// <summary>Gets requests that have to come first, as type and parameters.</summary>
    public (string Type, string Parameters)[] Before { get; init; } = [];

    /// <summary>Gets what clients read even of a failure.</summary>
    public string[] ReadsOfFailure { get; init; } = [];
}

/// <summary>A parameter: whether it must be there, values at its limits, and values that are wrong, all as JSON.</summary>
internal sealed record Parameter(string Name, bool Required, string[] Good, string[] Bad)
{
    public static IReadOnlyList<Parameter> Attributes { get; } =
    [
        Number("replicationFactor", 1, 6),
        Word("residence", "HDD", "Flash"),
        Flag("cacheEnabled"),
        Flag("compressed"),
        List("dataCenters", "\"dc1\"", required: false),
    ];

    public static Parameter Text(string name, bool required = true, string[]? good = null, string[]? bad = null) =>
        new(name, required, good ?? [], ["{}", "[]", .. bad ?? []]);

    public static Parameter ObjectName(string name, bool required = true) => Text(
        name,
        required,
        [$"\"NAME-{new string('n', 240)}\"", "\"NAME.b_c-D9\""],
        [$"\"{new string('n', 256)}\"", "\"a b\"", "\"a/b\"", "\".a\"", "\"é\"", "\"a\\u0000\"", "\"\""]);

    public static Parameter Flag(string name) =>
        new(name, Required: false, ["true", "false", "\"True\"", "\"false\""], ["\"maybe\"", "2", "[]", "{}", "\"\""]);

    public static Parameter Number(string name, long least, long most) => new(
        name,
        Required: false,
        [$"{least}", $"{most}", $"\"{least}\"", $"{least}.0"],
        [$"{(decimal)least - 1}", $"{(decimal)most + 1}", "1.5", "\"x\"", "true", "[]", "{}", "1e400"]);

    public static Parameter Word(string name, params string[] words) => new(
        name,
        Required: false,
        words.SelectMany(word => new[] { $"\"{word}\"", $"\"{word.ToLowerInvariant()}\"", $"\"{word.ToUpperInvariant()}\"" }).ToArray(),
        ["\"Other\"", "\"\"", "7", "[]", "{}"]);

    public static Parameter List(string name, string good, bool required = true) =>
        new(name, required, [$"[{good}]", good], ["{}", "[[]]", "[{}]", "true", .. required ? new[] { "[]" } : []]);

    public static Parameter Size(string name, bool required = true) => new(
        name,
        required,
        ["""{"unit":"GB","value":1}""", """{"unit":"gb","value":1.0}""", """{"unit":"MB","value":"1024"}""", "1073741824", "\"1GB\"", """{"units":"KB","value":1048576}"""],
        ["{}", "[]", "true", """{"unit":"GB"}""", """{"unit":"XB","value":1}""", """{"unit":"GB","value":"x"}""", """{"unit":"GB","value":-1}""", """{"unit":"GB","value":[1]}""", "-1", "\"much\"", """{"unit":"PB","value":99999999999}"""]);
}
