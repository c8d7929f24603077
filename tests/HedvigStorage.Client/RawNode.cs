using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace HedvigStorage.Client.Tests;

/// <summary>A node that answers with whatever bytes a test wants, or with none; over TLS if it has a certificate.</summary>
internal sealed class RawNode : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, byte[]?> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _end = new();

    /// <summary>Starts it.</summary>
    /// <param name="answer">Tells the bytes for a request's text; <see langword="null"/> is silence, after an answer the connection is
    /// closed.</param>
    /// <param name="certificate">The certificate that it shows.</param>
    public RawNode(Func<string, byte[]?> answer, X509Certificate2? certificate = null)
    {
        _answer = answer;
        _certificate = certificate;
        _listener.Start();
        Address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public ConcurrentQueue<string> Seen { get; } = new();

    public static byte[] Http(string body, string status = "200 OK", int? length = null) =>
        Http(Encoding.UTF8.GetBytes(body), status, length);

    public static byte[] Http(byte[] body, string status = "200 OK", int? length = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: "
            + $"{length ?? body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = Task.Run(() => AnswerAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(_certificate);
                stream = secure;
            }

            var request = await ReadAsync(stream);
            if (request.Length > 0)
            {
                Seen.Enqueue(request);
            }

            if (_answer(request) is { } answer)
            {
                await stream.WriteAsync(answer);
                await stream.FlushAsync();
                client.Client.Shutdown(SocketShutdown.Send);
            }

            // Until the client goes: a close with unread bytes would be a reset.
            while (await stream.ReadAsync(new byte[1000], _end.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client did not like it, or the test has ended.
        }
    }

    private async Task<string> ReadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[10_000];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _end.Token);
            _ = text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            var all = text.ToString();
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            // A TLS handshake begins with a byte that is not text; it gets its answer at once, as from any web server.
            if (read == 0 || all[0] < ' ' || (end >= 0 && all.Length >= end + 4 + LengthIn(all)))
            {
                return Uri.UnescapeDataString(all);
            }
        }
    }

    private static int LengthIn(string headers)
    {
        const string Name = "Content-Length: ";
        var at = headers.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0
            ? 0
            : int.Parse(headers[(at + Name.Length)..headers.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
