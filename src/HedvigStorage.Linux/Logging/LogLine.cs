using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.Linux.Logging;

/// <summary>One event of the log.</summary>
internal readonly record struct LogLine(
    DateTimeOffset Time, LogLevel Level, string Event, string? RequestId, string Message, Exception? Exception)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ToString(LogFormat format, IReadOnlyList<KeyValuePair<string, object?>>? fields) => format switch
    {
        LogFormat.Json => ToJson(fields),
        LogFormat.Journal =>
            OneLine(string.Create(CultureInfo.InvariantCulture, $"<{Priority}>{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Message}")),
        _ => OneLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Word,-11} {Event} [{RequestId ?? "-"}] {Message}")),
    };

    // An event is one line, whatever a message or an exception holds.
    private string OneLine(string line)
    {
        var text = new StringBuilder(line);
        if (Exception is not null)
        {
            _ = text.Append(' ').Append(Exception);
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                text[i] = ' ';
            }
        }

        return text.ToString();
    }

    private string ToJson(IReadOnlyList<KeyValuePair<string, object?>>? fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("time", Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level", Word);
            writer.WriteString("event", Event);
            if (RequestId is not null)
            {
                writer.WriteString("requestId", RequestId);
            }

            writer.WriteString("message", Message);
            WriteFields(writer, fields ?? []);
            if (Exception is not null)
            {
                writer.WriteString("exception", Exception.ToString());
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private int Priority => Level switch
    {
        LogLevel.Trace or LogLevel.Debug => 7,
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Critical => 2,
        _ => 3,
    };

    private string Word => Level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    private static void WriteFields(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        writer.WriteStartObject("fields");
        foreach (var (name, value) in fields)
        {
            // The template, which the message has filled in already.
            if (string.Equals(name, "{OriginalFormat}", StringComparison.Ordinal))
            {
                continue;
            }

            writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(name));
            switch (value)
            {
                case null:
                    writer.WriteNullValue();
                    break;
                case int or long:
                    writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number:
                    writer.WriteNumberValue(number);
                    break;
                case bool truth:
                    writer.WriteBooleanValue(truth);
                    break;
                case DateTime moment:
                    writer.WriteStringValue(moment);
                    break;
                default:
                    writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        writer.WriteEndObject();
    }
}
