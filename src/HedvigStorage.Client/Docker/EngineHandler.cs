using System.Net.Http;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// Stands between the library's client and the connections, for one call, and does what the library has no parameter for: an upload that is
/// announced, a query that says 0, an answer that is read within its limits or by somebody else.
/// </summary>
internal sealed class EngineHandler(HttpMessageInvoker transport, EngineExchange exchange) : HttpMessageHandler
{
    private const int LargestAnswer = 64 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (exchange.Query is { } query)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Query = query }.Uri;
        }

        // An engine that refuses an upload says so before it has read it, and ends the connection: it is asked before anything is sent.
        request.Headers.ExpectContinue = request.Content is StreamContent ? true : null;

        // Nobody has given a credential, and some engines take an empty one for one.
        _ = request.Headers.Remove("X-Registry-Auth");

        // The token that comes along ends with the head of an answer; that of the exchange lasts until all is read.
        var response = await transport.SendAsync(request, exchange.Token).ConfigureAwait(false);
        try
        {
#if !NET8_0_OR_GREATER
            // .NET Framework's own reads do not heed a token: closing the connection ends any.
            _ = exchange.Token.Register(response.Dispose);
#endif
            if (!response.IsSuccessStatusCode || !exchange.Streams)
            {
                await TakeAnswerAsync(request, response).ConfigureAwait(false);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task TakeAnswerAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        byte[] shown = [];
        if (response.IsSuccessStatusCode && exchange.ReadReportAsync is { } read)
        {
            await read(await response.Content.OpenReadAsync(exchange.Token).ConfigureAwait(false), exchange).ConfigureAwait(false);
        }
        else
        {
            exchange.Answer = await response.Content.ReadBytesAsync(LargestAnswer, exchange.Token).ConfigureAwait(false);
            shown = response.IsSuccessStatusCode && IsContainer(request)
                ? RestartPolicyNames.HideUnknown(exchange.Answer)
                : exchange.Answer;
        }

        var content = new ByteArrayContent(shown);
        content.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content.Dispose();
        response.Content = content;
    }

    private static bool IsContainer(HttpRequestMessage request) => request.Method == HttpMethod.Get
        && request.RequestUri!.AbsolutePath.Split('/') is [.., "containers", _, "json"];
}
