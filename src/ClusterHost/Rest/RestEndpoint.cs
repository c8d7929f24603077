using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>The two HTTP paths: <c>/rest/</c> and <c>/healthz</c>.</summary>
internal sealed class RestEndpoint(RequestRouter router, Func<IReadOnlyList<string>> findProblems, InFlight inFlight)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly FormOptions FormLimits = new() { ValueLengthLimit = RequestParser.MaximumLength, KeyLengthLimit = 256, ValueCountLimit = 16 };
    private static long s_requests;

    public Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/rest" or "/rest/" => AnswerRestAsync(context),
        "/healthz" => AnswerHealthAsync(context),
        _ => AnswerPlainAsync(context, StatusCodes.Status404NotFound, "Not found. The Hedvig protocol is at /rest/, health at /healthz."),
    };

    private async Task AnswerRestAsync(HttpContext context)
    {
        string? text;
        try
        {
            text = await ReadRequestAsync(context.Request, context.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            await AnswerPlainAsync(context, error.StatusCode, $"The request cannot be read: it is malformed or longer than {RequestParser.MaximumLength} bytes.");
            return;
        }
        catch (InvalidDataException)
        {
            await AnswerPlainAsync(context, StatusCodes.Status400BadRequest, $"The form cannot be read: give one field 'request' of at most {RequestParser.MaximumLength} bytes.");
            return;
        }

        if (text is null)
        {
            await AnswerPlainAsync(context, StatusCodes.Status400BadRequest, "Give the request as GET /rest/?request=… or in the form field 'request' of a POST or PUT.");
            return;
        }

        var origin = new RequestOrigin(NextRequestId(), context.Connection.RemoteIpAddress ?? IPAddress.None);

        // A client that hangs up does not stop what it asked for: the operation runs to its end, so that asking again finds it.
        RoutedAnswer routed;
        using (inFlight.Enter())
        {
            routed = await router.AnswerAsync(text, origin, CancellationToken.None);
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        WriteEnvelope(buffer, origin.RequestId, routed.Type, routed.Answer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static async Task<string?> ReadRequestAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            return request.Query["request"] is [{ } query] ? query : null;
        }

        if (!(HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method)) || !request.HasFormContentType)
        {
            return null;
        }

        var form = await request.ReadFormAsync(FormLimits, cancellationToken);
        return form["request"] is [{ } field] ? field : null;
    }

    private static string NextRequestId() => Interlocked.Increment(ref s_requests).ToString("X16", CultureInfo.InvariantCulture);

    private static void WriteEnvelope(ArrayBufferWriter<byte> buffer, string requestId, string? type, Answer answer)
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

    private async Task AnswerHealthAsync(HttpContext context)
    {
        var problems = findProblems();
        var buffer = new ArrayBufferWriter<byte>(256);
        await using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("status", problems.Count == 0 ? "ok" : "unhealthy");
            if (problems.Count > 0)
            {
                writer.WriteStartArray("problems");
                foreach (var problem in problems)
                {
                    writer.WriteStringValue(problem);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        context.Response.StatusCode = problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    // Answered as the protocol's envelope too, for clients that read the body whatever the HTTP status.
    private static async Task AnswerPlainAsync(HttpContext context, int status, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        WriteEnvelope(buffer, NextRequestId(), null, Answer.Failed(new ClusterException(ErrorCode.InvalidArgument, message)));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
