using System.Text.Json;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Cluster;

/// <summary>Writes the parameters of a request for people: what may be a secret, by its name, is not shown.</summary>
internal static class ShownParameters
{
    private static readonly string[] SecretWords = ["password", "passphrase", "secret", "credential", "token", "key"];

    public static string Of(HedvigRequest request)
    {
        if (request.WriteParameters is not { } writeParameters)
        {
            return "{}";
        }

        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            writer.WriteStartObject();
            writeParameters(writer);
            writer.WriteEndObject();
        }

        using var parameters = JsonDocument.Parse(written.ToArray());
        using var shown = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            shown, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, parameters.RootElement);
        }

        return Encoding.UTF8.GetString(shown.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    if (SecretWords.Any(member.Name.ContainsIgnoreCase))
                    {
                        writer.WriteStringValue("***");
                    }
                    else
                    {
                        Write(writer, member.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
