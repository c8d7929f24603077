using System.Net.Sockets;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// Connections that a client keeps between calls: what was sent on one is answered, also when the plugin host ends at that moment.
/// </summary>
public sealed class ConnectionTests
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        "POST /VolumeDriver.Path HTTP/1.1\r\nHost: plugin\r\nContent-Length: 16\r\n\r\n{\"Name\":\"kept0\"}");

    [SkippableFact]
    public async Task One_connection_serves_many_calls()
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var client = await ConnectAsync(plugin);
        for (var call = 0; call < 3; call++)
        {
            Assert.True(await TrySendAsync(client));
            Assert.StartsWith("HTTP/1.1 200", await ReadAsync(client), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_host_that_ends_refuses_further_requests_before_a_byte_of_them_is_written()
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var client = await ConnectAsync(plugin);
        Assert.True(await TrySendAsync(client));
        _ = await ReadAsync(client);

        await plugin.StopHostAsync();

        Assert.False(await TrySendAsync(client));
    }

    [SkippableFact]
    public async Task No_request_that_was_written_as_the_host_ends_is_left_without_an_answer()
    {
        const int Rounds = 40;
        const int Clients = 8;
        await using var plugin = await PluginFixture.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ConnectAsync(plugin)));
            foreach (var client in clients)
            {
                Assert.True(await TrySendAsync(client));
                _ = await ReadAsync(client);
            }

            var calling = clients.Select(client => Task.Run(() => CallUntilRefusedAsync(client))).ToArray();
            await plugin.StopHostAsync();

            await Task.WhenAll(calling);
            Array.ForEach(clients, client => client.Dispose());
            await plugin.StartHostAsync();
        }
    }

    private static async Task CallUntilRefusedAsync(Socket client)
    {
        while (await TrySendAsync(client))
        {
            Assert.StartsWith("HTTP/1.1 200", await ReadAsync(client), StringComparison.Ordinal);
        }
    }

    private static async Task<Socket> ConnectAsync(PluginFixture plugin)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(plugin.Socket));
        return socket;
    }

    private static async Task<bool> TrySendAsync(Socket client)
    {
        try
        {
            return await client.SendAsync(Request) == Request.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Each answer here is short, and comes whole.
    private static async Task<string> ReadAsync(Socket client)
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer));
    }
}
