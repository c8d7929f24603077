using System.Text.Json;
using HedvigStorage.Protocol;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>How values are kept in columns.</summary>
internal static class CatalogText
{
    private static volatile ParsedAttributes? s_last;

    public static string Write(VolumeAttributes attributes) =>
        attributes.IsEmpty ? "{}" : JsonSerializer.Serialize(attributes.ToMessage(), ProtocolJson.Default.AttributesMessage);

    public static VolumeAttributes ReadAttributes(string? text)
    {
        if (text is null or "{}")
        {
            return VolumeAttributes.None;
        }

        // Neighbours in a listing mostly have the same attributes.
        if (s_last is { } last && last.Text == text)
        {
            return last.Attributes;
        }

        var attributes = JsonSerializer.Deserialize(text, ProtocolJson.Default.AttributesMessage).ToModel();
        s_last = new ParsedAttributes(text, attributes);
        return attributes;
    }

    public static string Write(IReadOnlyDictionary<string, string> labels) => labels.Count == 0
        ? "{}"
        : JsonSerializer.Serialize(
            new SortedDictionary<string, string>(labels.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            ProtocolJson.Default.SortedDictionaryStringString);

    public static IReadOnlyDictionary<string, string> ReadLabels(string text) => text == "{}"
        ? ObjectLabels.None
        : JsonSerializer.Deserialize(text, ProtocolJson.Default.SortedDictionaryStringString)!;

    public static string? TextOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? LongOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static int? IntOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static DateTimeOffset Instant(this SqliteDataReader reader, int column) => new(reader.GetInt64(column), TimeSpan.Zero);

    /// <summary>Turns a pattern of <c>*</c> and <c>?</c> into one of LIKE, whose letter case does not matter either.</summary>
    public static string ToLike(string pattern) => pattern
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal)
        .Replace('*', '%')
        .Replace('?', '_');

    private sealed record ParsedAttributes(string Text, VolumeAttributes Attributes);
}
