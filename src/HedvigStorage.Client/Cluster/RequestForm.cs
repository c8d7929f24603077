using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HedvigStorage.Client.Cluster;

/// <summary>
/// Writes a request as the form field <c>request</c> with strict JSON. It stands in for FormUrlEncodedContent, which refuses more than 64
/// KB on .NET Framework, and a listing by names is longer than that.
/// </summary>
internal static class RequestForm
{
    private const string Hexadecimal = "0123456789ABCDEF";

    public static HttpContent Create(HedvigRequest request, string? sessionId)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("type", request.Type);
            writer.WriteString("category", request.Category);
            if (request.WriteParameters is { } writeParameters)
            {
                writer.WriteStartObject("params");
                writeParameters(writer);
                writer.WriteEndObject();
            }

            writer.WriteOptionalString("sessionId", sessionId);
            writer.WriteEndObject();
        }

        var content = new ByteArrayContent(Encode(json.GetBuffer().AsSpan(0, (int)json.Length)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return content;
    }

    private static byte[] Encode(ReadOnlySpan<byte> text)
    {
        using var encoded = new MemoryStream(text.Length * 2);
        foreach (var letter in "request=")
        {
            encoded.WriteByte((byte)letter);
        }

        foreach (var value in text)
        {
            if (value is (>= (byte)'a' and <= (byte)'z') or (
                >= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_' or (byte)'.')
            {
                encoded.WriteByte(value);
            }
            else
            {
                encoded.WriteByte((byte)'%');
                encoded.WriteByte((byte)Hexadecimal[value >> 4]);
                encoded.WriteByte((byte)Hexadecimal[value & 15]);
            }
        }

        return encoded.ToArray();
    }
}
