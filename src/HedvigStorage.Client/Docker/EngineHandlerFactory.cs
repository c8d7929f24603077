using System.Net.Http;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.Client.Docker;

/// <summary>Gives each call of the library's client a handler of its own, over connections that all calls share.</summary>
/// <param name="transport">The connections.</param>
/// <param name="http">What requests are addressed to.</param>
internal sealed class EngineHandlerFactory(HttpMessageHandler transport, Uri http) : IDockerHandlerFactory<EngineExchange>, IDisposable
{
    private readonly HttpMessageInvoker _transport = new(transport, disposeHandler: true);

    /// <summary>Gets what requests are addressed to.</summary>
    public Uri Http => http;

    public ResolvedTransport CreateHandler(EngineExchange transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
        new(new EngineHandler(_transport, transportOptions), http);

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
        throw new NotSupportedException("A call has an exchange.");

    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) =>
        throw new NotSupportedException("No call takes a connection over.");

    public void Dispose() => _transport.Dispose();
}
