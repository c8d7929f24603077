using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Writes parameters for people, as JSON of limited length.</summary>
internal static class ParameterText
{
    private const int LongestText = 200;
    private const int MostItems = 20;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyDictionary<string, RequestValue> members, IReadOnlySet<string> shown)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (shown.Contains(name))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value, depth: 0);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, RequestValue value, int depth)
    {
        switch (value.Kind)
        {
            case RequestValueKind.List when depth < 2:
                WriteList(writer, value.Items, depth);
                break;
            case RequestValueKind.Object when depth < 2:
                WriteObject(writer, value.Members, depth);
                break;
            case RequestValueKind.Boolean:
                writer.WriteBooleanValue(ReferenceEquals(value, RequestValue.True));
                break;
            case RequestValueKind.Number when decimal.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(value.Text.Length > LongestText ? Cut(value.Text) : value.Text);
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter writer, IReadOnlyList<RequestValue> items, int depth)
    {
        writer.WriteStartArray();
        for (var index = 0; index < items.Count && index < MostItems; index++)
        {
            Write(writer, items[index], depth + 1);
        }

        if (items.Count > MostItems)
        {
            writer.WriteStringValue($"… ({items.Count} in all)");
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, IReadOnlyDictionary<string, RequestValue> members, int depth)
    {
        writer.WriteStartObject();
        var left = MostItems;
        foreach (var (name, value) in members)
        {
            if (left-- == 0)
            {
                break;
            }

            writer.WritePropertyName(name.Length > LongestText ? Cut(name) : name);
            Write(writer, value, depth + 1);
        }

        writer.WriteEndObject();
    }

    // Not within a surrogate pair.
    private static string Cut(string text) => text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
}
