using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Sends answers in the protocol's envelope.</summary>
internal static class EnvelopeWriter
{
    private const int LargestKept = 64 << 10;
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Most answers are small and made at once, so one buffer a thread serves them all.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    public static Task SendAsync(HttpContext context, int status, string requestId, string? type, Answer answer)
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        Write(buffer, requestId, type, answer);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > LargestKept)
        {
            s_buffer = null;
        }

        var flushed = response.BodyWriter.FlushAsync(context.RequestAborted);
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }

    private static void Write(ArrayBufferWriter<byte> buffer, string requestId, string? type, Answer answer)
    {
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("status", answer.Status);
        writer.WriteString("type", type ?? string.Empty);
        writer.WriteString("requestId", requestId);
        if (answer.Message is not null)
        {
            writer.WriteString("message", answer.Message);
        }

        if (answer.Code is { } code)
        {
            writer.WriteString("code", code.ToString());
        }

        if (answer.Result is not null)
        {
            writer.WritePropertyName("result");
            JsonSerializer.Serialize(writer, answer.Result, answer.ResultType!);
        }

        writer.WriteEndObject();
    }
}
