using System.Text.Json;

namespace HedvigStorage.Client.Documents;

/// <summary>
/// Reads JSON into dictionaries, lists, strings, <see cref="long"/>, <see cref="decimal"/>, <see cref="bool"/> and <see langword="null"/>.
/// </summary>
public static class JsonTree
{
    private const int DeepestNesting = 64;

    /// <summary>Reads JSON; comments and trailing commas are allowed.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="source">The name that an error gives, such as the file's.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it is not JSON, or a member is named twice; the
    /// message says where.</exception>
    public static object? Read(string text, string source)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Failure(source, Position(1, 1), "it is empty. A JSON object is expected, at least {}.");
        }

        var bytes = Encoding.UTF8.GetBytes(text.Length > 0 && text[0] == '\uFEFF' ? text.Substring(1) : text);
        var reader = new Utf8JsonReader(
            bytes,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DeepestNesting });
        try
        {
            _ = reader.Read();
            var value = ReadValue(ref reader, bytes, source, string.Empty);
            _ = reader.Read();
            return value;
        }
        catch (JsonException exception)
        {
            var (line, column) = (exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
            throw IsYaml(source)
                ? new ClusterException(
                    ErrorCode.InvalidArgument,
                    $"{source} is YAML, and JSON is expected. A Compose file is for Docker Compose: its volumes name the driver 'hedvig'.")
                : Failure(source, Position(line + 1, column + 1), $"it is not JSON: {Reason(exception)}");
        }
        catch (InvalidOperationException)
        {
            // A string that is not UTF-16, such as half of a surrogate pair.
            throw Failure(source, Where(bytes, reader.TokenStartIndex), "the text is not valid Unicode.");
        }
    }

    private static bool IsYaml(string source) =>
        source.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || source.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase);

    private static object? ReadValue(ref Utf8JsonReader reader, byte[] bytes, string source, string path) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, bytes, source, path),
        JsonTokenType.StartArray => ReadArray(ref reader, bytes, source, path),
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => ReadNumber(ref reader, bytes, source),
    };

    private static Dictionary<string, object?> ReadObject(ref Utf8JsonReader reader, byte[] bytes, string source, string path)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (members.ContainsKey(name))
            {
                throw Failure(
                    source,
                    Where(bytes, reader.TokenStartIndex),
                    $"the member '{ObjectName.Printable(name)}'{(path.Length == 0 ? string.Empty : " of " + path)} is given twice. "
                        + "Keep one of the two.");
            }

            _ = reader.Read();
            members.Add(name, ReadValue(ref reader, bytes, source, path.Length == 0 ? name : path + "." + name));
        }

        return members;
    }

    private static List<object?> ReadArray(ref Utf8JsonReader reader, byte[] bytes, string source, string path)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, bytes, source, path + "[" + items.Count.ToString(CultureInfo.InvariantCulture) + "]"));
        }

        return items;
    }

    private static object ReadNumber(ref Utf8JsonReader reader, byte[] bytes, string source)
    {
        if (reader.TryGetInt64(out var whole))
        {
            return whole;
        }

        return reader.TryGetDecimal(out var number)
            ? number
            : throw Failure(source, Where(bytes, reader.TokenStartIndex), "the number is too large.");
    }

    private static string Where(byte[] bytes, long position)
    {
        var line = 1L;
        var lineStart = 0L;
        for (var index = 0L; index < position; index++)
        {
            if (bytes[index] == (byte)'\n')
            {
                line++;
                lineStart = index + 1;
            }
        }

        return Position(line, position - lineStart + 1);
    }

    private static string Position(long line, long column) =>
        string.Format(CultureInfo.InvariantCulture, "line {0}, column {1}", line, column);

    // The reader appends its own position, which counts from 0.
    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message.Substring(0, end)).TrimEnd('.', ' ') + ".";
    }

    private static ClusterException Failure(string source, string where, string what) =>
        new(ErrorCode.InvalidArgument, $"{source}, {where}: {what}");
}
