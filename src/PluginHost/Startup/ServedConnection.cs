using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>
/// A connection that can be told to take no more requests without losing one: what the client has written is read and answered, and the
/// kernel refuses what it would write next. Nothing of that is written then, so a client that keeps connections sends it again on another
/// one. Sources: unix(7); Go's net/http, shouldRetryRequest.
/// </summary>
internal sealed class ServedConnection(ConnectionContext inner) : ConnectionContext, IDuplexPipe
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets what ends with the connection.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public PipeReader Input { get; } = new WholeInput(inner.Transport.Input);

    /// <inheritdoc/>
    public PipeWriter Output => inner.Transport.Output;

    /// <inheritdoc/>
    public override string ConnectionId { get => inner.ConnectionId; set => inner.ConnectionId = value; }

    /// <inheritdoc/>
    public override IFeatureCollection Features => inner.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get => inner.Items; set => inner.Items = value; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get => this; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get => inner.LocalEndPoint; set => inner.LocalEndPoint = value; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get => inner.RemoteEndPoint; set => inner.RemoteEndPoint = value; }

    /// <summary>
    /// Gets a token that is never cancelled: Kestrel takes the end of what can be read for the end of the connection, and would drop the
    /// answer to what was read before.
    /// </summary>
    public override CancellationToken ConnectionClosed { get; set; }

    /// <summary>Has the kernel refuse further requests.</summary>
    public void TakeNoMore()
    {
        try
        {
            inner.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client has ended it.
        }
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
        _ = _ended.TrySetResult();
    }
}
