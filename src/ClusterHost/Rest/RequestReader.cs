using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>
/// Reads a request's text from a query (GET) or a form (POST, PUT). A reader of its own for the one field that the protocol has: the
/// framework's takes wrong percent-encoding as it is, puts replacement characters for bytes that are not UTF-8, and costs more.
/// </summary>
internal sealed class RequestReader(ServerLimits limits, TimeProvider time, CancellationToken stopping)
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Reads the text.</summary>
    /// <exception cref="UnreadableException">It is not there, or not as it should be.</exception>
    public async ValueTask<string> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var text = request.Method switch
            {
                "GET" =>
                    RequestField.Read(
                        Encoding.UTF8.GetBytes(request.QueryString.Value is { Length: > 1 } query ? query[1..] : string.Empty)),
                "POST" or "PUT" => await ReadFormAsync(CheckForm(request), cancellationToken),
                _ =>
                    throw new UnreadableException(
                        StatusCodes.Status405MethodNotAllowed,
                        $"The method {ObjectName.Printable(request.Method)} is not answered. Use POST, PUT or GET."),
            };
            return text
                ?? throw new UnreadableException(
                    StatusCodes.Status400BadRequest,
                    "Give the request as GET /rest/?request=… or in the form field 'request' of a POST or PUT.");
        }
        catch (ClusterException error)
        {
            throw new UnreadableException(StatusCodes.Status400BadRequest, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            throw new UnreadableException(error.StatusCode, error.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => $"The request is longer than {limits.BodyBytes} bytes.",
                StatusCodes.Status408RequestTimeout => "The request came too slowly.",
                _ => "The request cannot be read: its body is malformed or ended early.",
            });
        }
    }

    private static HttpRequest CheckForm(HttpRequest request)
    {
        var type = request.ContentType;
        if (type is null || !type.StartsWith(Form, StringComparison.OrdinalIgnoreCase)
            || (type.Length > Form.Length && !HasGoodParameters(type.AsSpan(Form.Length))))
        {
            throw new UnreadableException(
                StatusCodes.Status415UnsupportedMediaType,
                $"The content type is {(type is null ? "missing" : $"'{ObjectName.Printable(type)}'")}. "
                    + $"Send the request as {Form} in UTF-8.");
        }

        return request.Headers.ContentEncoding.Count == 0
            ? request
            : throw new UnreadableException(
                StatusCodes.Status415UnsupportedMediaType,
                "The request is compressed, which is not read. Send it without a Content-Encoding.");
    }

    private static bool HasGoodParameters(ReadOnlySpan<char> parameters)
    {
        var rest = parameters.Trim();
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest[0] != ';')
        {
            return false;
        }

        var charset = rest.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return charset < 0 || rest[(charset + "charset=".Length)..].TrimStart('"').StartsWith("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    private async ValueTask<string?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        // Nearly always the body has come with the headers, and there is nothing to wait for.
        if (reader.TryRead(out var result))
        {
            if (result.IsCompleted)
            {
                return Take(reader, result.Buffer);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        return await ReadSlowlyAsync(reader, cancellationToken);
    }

    private async Task<string?> ReadSlowlyAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        await using var limit = time.CreateTimer(_ => reader.CancelPendingRead(), null, limits.BodyTime, Timeout.InfiniteTimeSpan);
        await using var stop = stopping.Register(reader.CancelPendingRead);
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCanceled)
            {
                reader.AdvanceTo(result.Buffer.Start);
                throw stopping.IsCancellationRequested
                    // A stop waits for what has been asked, not for what is still being said.
                    ? new UnreadableException(StatusCodes.Status503ServiceUnavailable, "The cluster stops.") { EndsConnection = true }
                    : new UnreadableException(
                        StatusCodes.Status408RequestTimeout,
                        $"The request was not there after {limits.BodyTime.TotalSeconds:0.###} seconds.") { EndsConnection = true };
            }

            if (result.IsCompleted)
            {
                return Take(reader, result.Buffer);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static string? Take(PipeReader reader, ReadOnlySequence<byte> body)
    {
        try
        {
            return RequestField.Read(body.IsSingleSegment ? body.FirstSpan : body.ToArray());
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }
}
