using System.Net.Http;
using System.Net.Sockets;

namespace HedvigStorage.Tests.Shared;

/// <summary>Speaks HTTP over unix sockets.</summary>
public static class SocketClient
{
    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="socket">The socket's path.</param>
    /// <param name="keepsConnections">Whether connections are used again; one to a process that was killed is of no use to its
    /// successor.</param>
    public static HttpClient Create(string socket, bool keepsConnections = true)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        if (!keepsConnections)
        {
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        }

        return new HttpClient(handler) { BaseAddress = new Uri("http://unix-socket/") };
    }
}
