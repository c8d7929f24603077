using System.Net;
using System.Net.Sockets;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>A connection that says exactly what a test wants, and no more.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;

    private RawConnection(TcpClient client) => _client = client;

    public static async Task<RawConnection> OpenAsync(Uri server, string text = "")
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        var connection = new RawConnection(client);
        await connection.SendAsync(text);
        return connection;
    }

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads until the server closes the connection; a reset counts as such.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var text = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(text).WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (IOException)
        {
            // Reset.
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
