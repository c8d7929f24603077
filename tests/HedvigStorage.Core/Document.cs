using System.Text.Json;
using HedvigStorage.Documents;

namespace HedvigStorage.Tests;

/// <summary>Documents of tests, written as JSON as their readers would.</summary>
internal static class Document
{
    public static Configuration Read(string json) => ConfigurationReader.Read(Tree(JsonDocument.Parse(json).RootElement), "test.json");

    private static object? Tree(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new Dictionary<string, object?>(System.StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = Tree(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                var items = new List<object?>();
                foreach (var item in element.EnumerateArray())
                {
                    items.Add(Tree(item));
                }

                return items;
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole : element.GetDecimal();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.True:
            case JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}
