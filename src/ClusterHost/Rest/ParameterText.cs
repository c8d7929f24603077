using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Writes parameters for people, as JSON of limited length.</summary>
internal static class ParameterText
{
    private const int LongestText = 200;
    private const int MostItems = 20;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes those members that are shown.</summary>
    /// <param name="members">The parameters.</param>
    /// <param name="shown">Which are shown.</param>
    /// <param name="named">The lists of which only the names of their items are shown, but of every item: who made one of many must be
    /// found.</param>
    public static string Write(
        IReadOnlyDictionary<string, RequestValue> members,
        IReadOnlySet<string> shown,
        IReadOnlyDictionary<string, IReadOnlyList<string>> named)
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
                    if (named.TryGetValue(name, out var names))
                    {
                        WriteNames(writer, names);
                    }
                    else
                    {
                        Write(writer, value, depth: 0);
                    }
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteNames(Utf8JsonWriter writer, IReadOnlyList<string> names)
    {
        writer.WriteStartArray();
        foreach (var name in names)
        {
            writer.WriteStringValue(Shorten(name));
        }

        writer.WriteEndArray();
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
            case RequestValueKind.Number when decimal.TryParse(
                value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(Shorten(value.Text));
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

            writer.WritePropertyName(Shorten(name));
            Write(writer, value, depth + 1);
        }

        writer.WriteEndObject();
    }

    // Not within a surrogate pair.
    private static string Shorten(string text) =>
        text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
}
