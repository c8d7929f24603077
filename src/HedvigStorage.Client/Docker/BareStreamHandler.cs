using System.Net.Http;
using HedvigStorage.Client.Compatibility;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Net.Http.Client;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// Speaks HTTP over any duplex stream by the library's own handler. It is there for Windows PowerShell, whose HTTP client knows TCP only
/// and cannot be given a named pipe. What the library's handler does not do is done here: to hear an engine that refuses an upload before
/// it has read it, to end a read that heeds no token, and to find words for an answer that does not come.
/// </summary>
internal sealed class BareStreamHandler(Func<CancellationToken, Task<Stream>> connect) : DelegatingHandler(
    new ManagedHandler(new ManagedHandler.StreamOpener((_, _, token) => OpenAsync(connect, token)), NullLogger.Instance)
    {
        UseProxy = false,
        RedirectMode = RedirectMode.None,
    })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // It takes the word to go on for the answer.
        request.Headers.ExpectContinue = null;
        if (request.Content is { } content)
        {
            var upload = new PartialUpload(await content.ReadBytesAsync(int.MaxValue, cancellationToken).ConfigureAwait(false));
            upload.Headers.ContentType = content.Headers.ContentType;
            request.Content = upload;
        }

        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.InnerException is InvalidOperationException and not ObjectDisposedException)
        {
            // It has no words of its own for an answer without a first line.
        }

        throw new IOException("the connection was closed within an answer");
    }

    private static async Task<Stream> OpenAsync(Func<CancellationToken, Task<Stream>> connect, CancellationToken cancellationToken)
    {
        var stream = await connect(cancellationToken).ConfigureAwait(false);

        // Not every stream's own read heeds a token: closing it ends any. The token ends with the call.
        _ = cancellationToken.Register(stream.Dispose);
        return stream;
    }
}
