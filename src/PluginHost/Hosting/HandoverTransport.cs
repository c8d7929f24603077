using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;

namespace HedvigStorage.PluginHost.Hosting;

/// <summary>
/// Listens on a socket that the next process takes over. It can end to take connections before the server ends: those that come later wait for the next
/// process, while those that are taken already are still answered.
/// </summary>
internal sealed class HandoverTransport(IConnectionListenerFactory inner) : IConnectionListenerFactory, IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), _end.Token);

    /// <summary>Takes no more connections.</summary>
    public Task EndAsync() => _end.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private sealed class Listener(IConnectionListener inner, CancellationToken end) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        // No connection is how a listener says that there will be no more.
        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.AcceptAsync(end);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
