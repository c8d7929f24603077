using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;

namespace HedvigStorage.Linux.Systemd;

/// <summary>A host's request to itself, on the way that its clients come.</summary>
internal sealed class SelfCheck : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpMethod _method;
    private readonly Uri _address;

    private SelfCheck(SocketsHttpHandler handler, HttpMethod method, Uri address)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        // The connection is kept, so that a flood of others does not shut the check out.
        handler.PooledConnectionIdleTimeout = TimeSpan.FromHours(1);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _method = method;
        _address = address;
    }

    /// <summary>Makes the check of a plugin host: the handshake of the volume plugin protocol.</summary>
    /// <param name="socket">The unix socket's path.</param>
    public static SelfCheck OfPlugin(string socket) => new(
        new SocketsHttpHandler { ConnectCallback = async (_, token) => await ConnectAsync(socket, token).ConfigureAwait(false) },
        HttpMethod.Post,
        new Uri("http://plugin/Plugin.Activate"));

    /// <summary>Makes the check of a cluster host: its health.</summary>
    /// <param name="address">Where processes of this machine reach it.</param>
    public static SelfCheck OfCluster(Uri address)
    {
        var handler = new SocketsHttpHandler();
        // It is this process itself, on an address that the certificate need not name, and it is told no secret.
#pragma warning disable CA5359, MA0039
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359, MA0039
        return new SelfCheck(handler, HttpMethod.Get, new Uri(address, "/healthz"));
    }

    /// <summary>
    /// Sends the request. Any answer is one: a host that says what is wrong with it is not stuck, and a restart would not help.
    /// </summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(_method, _address);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
