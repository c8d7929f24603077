using System.Buffers;
using System.Text.Json;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Commands as Ceph's monitors read them.</summary>
internal static class CephCommand
{
    /// <summary>Writes a command.</summary>
    /// <param name="prefix">Its words, as <c>osd pool create</c>.</param>
    /// <param name="arguments">Its arguments: texts, whole numbers and flags; one that is <see langword="null"/> is left out.</param>
    public static string Write(string prefix, params ReadOnlySpan<(string Name, object? Value)> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("prefix", prefix);
            foreach (var (name, value) in arguments)
            {
                Write(writer, name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Carries out a command whose answer does not matter.</summary>
    /// <exception cref="CephException">It has failed.</exception>
    public static void Run(this ICephMonitor monitor, string prefix, params ReadOnlySpan<(string Name, object? Value)> arguments) =>
        _ = monitor.Command(Write(prefix, arguments));

    /// <summary>Carries out a command that answers in JSON.</summary>
    /// <exception cref="CephException">It has failed.</exception>
    public static JsonDocument Ask(this ICephMonitor monitor, string prefix)
    {
        // Some commands answer with several documents in a row; the first is the one that is meant.
        var reader = new Utf8JsonReader(monitor.Command(Write(prefix, ("format", "json"))));
        return JsonDocument.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            default:
                throw new ArgumentException($"'{name}' is not a text, a whole number or a flag.", nameof(value));
        }
    }
}
