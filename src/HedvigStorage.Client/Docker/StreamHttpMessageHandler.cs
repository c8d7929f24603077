using System.Net.Http;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// Speaks HTTP/1.1 over any duplex stream, one request a connection. It is there for Windows PowerShell, whose own HTTP client knows TCP only and cannot
/// be given a named pipe.
/// </summary>
internal sealed class StreamHttpMessageHandler(Func<CancellationToken, Task<Stream>> connect) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var stream = await connect(cancellationToken).ConfigureAwait(false);
        var done = false;
        try
        {
            // Not every stream's own read heeds a token: closing it ends any.
            using var abort = cancellationToken.Register(stream.Dispose);
            var unsent = await WriteAsFarAsItGoesAsync(stream, request, cancellationToken).ConfigureAwait(false);
            var response = await ReadAsync(stream, unsent, cancellationToken).ConfigureAwait(false);
            response.RequestMessage = request;
            done = true;
            return response;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is IOException or ObjectDisposedException)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
        finally
        {
            if (!done)
            {
                stream.Dispose();
            }
        }
    }

    // Whoever refuses a request says so before it has read all of it, and ends the connection.
    private static async Task<IOException?> WriteAsFarAsItGoesAsync(Stream stream, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(stream, request, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (IOException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception;
        }
    }

    private static async Task<HttpResponseMessage> ReadAsync(Stream stream, IOException? unsent, CancellationToken cancellationToken)
    {
        try
        {
            return await new HttpStreamReader(stream).ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (unsent is not null)
        {
            // Nobody has said why.
            throw new HttpRequestException(unsent.Message, unsent);
        }
    }

    private static async Task WriteAsync(Stream stream, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadBytesAsync(cancellationToken).ConfigureAwait(false) : [];
        var uri = request.RequestUri!;
        var head = new StringBuilder($"{request.Method} {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: close\r\n");
        foreach (var header in request.Headers)
        {
            _ = head.Append(header.Key).Append(": ").Append(string.Join(", ", header.Value)).Append("\r\n");
        }

        if (request.Content?.Headers.ContentType is { } contentType)
        {
            _ = head.Append("Content-Type: ").Append(contentType).Append("\r\n");
        }

        // A POST without a length reads as one with a body to come.
        if (body.Length > 0 || request.Method != HttpMethod.Get)
        {
            _ = head.Append("Content-Length: ").Append(body.Length.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
        }

        var bytes = Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
        var message = new byte[bytes.Length + body.Length];
        bytes.CopyTo(message, 0);
        body.CopyTo(message, bytes.Length);
#if NET8_0_OR_GREATER
        await stream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
#else
        await stream.WriteAsync(message, 0, message.Length, cancellationToken).ConfigureAwait(false);
#endif
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
