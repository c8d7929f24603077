using System.Text.Json;

namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>
/// Checks what clients read, type by type: <c>result[0].status:string</c>. The types are <c>string</c>, <c>boolean</c>, <c>object</c>,
/// <c>array</c>, <c>strings</c> (an array of them), <c>number</c>, and <c>integer</c>, which is written without point or exponent, for Go's
/// decoder wants that.
/// </summary>
internal static class Shape
{
    public static void Check(JsonElement answer, string expected)
    {
        var colon = expected.LastIndexOf(':');
        var value = Find(answer, expected[..colon]);
        var right = expected[(colon + 1)..] switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "number" => value.ValueKind == JsonValueKind.Number,
            "strings" =>
                value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
            "integer" =>
                value.ValueKind == JsonValueKind.Number
                    && long.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            var type => throw new ArgumentException($"No type '{type}'.", nameof(expected)),
        };
        Assert.True(right, $"{expected} is not so in {answer}");
    }

    private static JsonElement Find(JsonElement answer, string path)
    {
        var value = answer;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.'))
        {
            if (step.StartsWith('['))
            {
                var index = int.Parse(step.Trim('[', ']'), CultureInfo.InvariantCulture);
                Assert.True(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > index, $"{path} is not in {answer}");
                value = value[index];
            }
            else
            {
                Assert.True(value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out _), $"{path} is not in {answer}");
                value = value.GetProperty(step);
            }
        }

        return value;
    }
}
