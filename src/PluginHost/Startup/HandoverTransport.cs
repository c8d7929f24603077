using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>
/// Listens on a socket that the next process takes over. It can end to take connections before the server ends: those that come later wait
/// for the next process, while what came on those that are taken already is still answered.
/// </summary>
internal sealed class HandoverTransport(IConnectionListenerFactory inner) : IConnectionListenerFactory, IDisposable
{
    private readonly CancellationTokenSource _end = new();

    // Each with what ends when it has ended.
    private readonly ConcurrentDictionary<ServedConnection, Task> _open = [];

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), this);

    /// <summary>Takes no more connections.</summary>
    public Task EndAsync() => _end.CancelAsync();

    /// <summary>Takes no more requests on the connections that there are, and waits until those that came are answered.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Not all are answered yet.</exception>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        var open = _open.ToArray();
        foreach (var (connection, _) in open)
        {
            connection.TakeNoMore();
        }

        return Task.WhenAll(open.Select(entry => entry.Value)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private ServedConnection Add(ConnectionContext accepted)
    {
        var connection = new ServedConnection(accepted);
        _ = _open.TryAdd(connection, ForgetAsync(connection));
        return connection;
    }

    private async Task ForgetAsync(ServedConnection connection)
    {
        await connection.Ended;
        _ = _open.TryRemove(connection, out _);
    }

    private sealed class Listener(IConnectionListener inner, HandoverTransport transport) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        // No connection is how a listener says that there will be no more.
        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.AcceptAsync(transport._end.Token) is { } accepted ? transport.Add(accepted) : null;
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
