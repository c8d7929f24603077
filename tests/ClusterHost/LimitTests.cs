using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using HedvigStorage.ClusterHost.Rest;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class LimitTests : IDisposable
{
    private const string Form = "POST /rest/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    // Its address is in a block that is nobody's (RFC 5737); nothing is sent there.
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.1");

    private readonly List<RawConnection> _connections = [];
    private readonly LogText _log = new();

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _log.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("POST /rest/ HTTP/1.1\r\nHost:")]
    [InlineData(Form + "Content-Length: 100\r\n\r\nrequest=")]
    [InlineData(Form + "Transfer-Encoding: chunked\r\n\r\n8\r\nrequest=\r\n")]
    public async Task Hundreds_of_stuck_clients_keep_nobody_waiting(string beginning)
    {
        await using var host = await InProcessHost.StartAsync();
        for (var i = 0; i < 300; i++)
        {
            await OpenAsync(host.Address, beginning);
        }

        await host.Client.CreateAsync("v1");
        var answers = Enumerable.Range(0, 100).Select(_ => host.Client.ListVolumesAsync());

        Assert.All(await Task.WhenAll(answers).WaitAsync(TimeSpan.FromMinutes(2)), volumes => Assert.Single(volumes));
    }

    [Theory]
    [InlineData("POST /rest/ HTTP/1.1\r\nHost:")]
    [InlineData(Form + "Content-Length: 100\r\n\r\nrequest=")]
    public async Task A_stop_does_not_wait_for_stuck_clients(string beginning)
    {
        var host = await StartAsync(
            limits => limits with { BodyTime = TimeSpan.FromHours(1), HeadersTime = TimeSpan.FromHours(1), SlowestRate = 1e-6 });
        var connection = await OpenAsync(host.Address, beginning);
        await host.Client.OkAsync("ListVolumes");

        var stop = host.DisposeAsync().AsTask();

        Assert.Same(stop, await Task.WhenAny(stop, Task.Delay(TimeSpan.FromSeconds(45))));
        _ = await connection.ReadToEndAsync();
    }

    [Fact]
    public async Task Clients_that_do_not_read_their_answers_keep_nobody_waiting()
    {
        await using var host = await InProcessHost.StartAsync();
        var request = Uri.EscapeDataString(
            $$"""{"type":"ListVolumes","category":"HedvigStorage","sessionId":"{{host.Client.SessionId}}"}""");
        var many = string.Concat(Enumerable.Repeat($"GET /rest/?request={request} HTTP/1.1\r\nHost: x\r\n\r\n", 100));
        for (var i = 0; i < 100; i++)
        {
            await OpenAsync(host.Address, many);
        }

        await host.Client.CreateAsync("v1").WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_at_once_with_one_line_in_the_log_and_let_in_again_later()
    {
        await using var host = await StartAsync(limits => limits with { LoopbackConnections = 5 });
        for (var i = 0; i < 4; i++)
        {
            await OpenAsync(host.Address, string.Empty);
        }

        // The client has the fifth, even if the one that it logged in with is gone.
        await host.Client.OkAsync("ListVolumes");
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await IsRefusedAsync(host.Address));
        }

        await host.Client.OkAsync("ListVolumes");
        await _log.HasAsync("were refused");
        Assert.Equal(1, _log.Count("ConnectionsRefused"));

        Dispose();
        using var other = new HttpClient { BaseAddress = host.Address };
        await Eventually.TrueAsync(() => TryGet(other), "a connection is let in again");
    }

    [Fact]
    public void Connections_of_other_machines_never_use_up_those_of_this_one()
    {
        var gate = new ConnectionGate(new ServerLimits { RemoteConnections = 3, ConnectionsOfOneAddress = 2, LoopbackConnections = 1 });
        var first = gate.TryEnter(Elsewhere);

        Assert.NotNull(first);
        Assert.NotNull(gate.TryEnter(Elsewhere));
        Assert.Null(gate.TryEnter(Elsewhere));
        Assert.NotNull(gate.TryEnter(IPAddress.Parse("192.0.2.2")));
        Assert.Null(gate.TryEnter(IPAddress.Parse("192.0.2.3")));
        var own = gate.TryEnter(IPAddress.IPv6Loopback);
        Assert.NotNull(own);
        Assert.Null(gate.TryEnter(IPAddress.Loopback));
        Assert.Equal((4, 3L), (gate.Count, gate.Refused));

        first.Dispose();
        first.Dispose();
        own.Dispose();
        Assert.NotNull(gate.TryEnter(Elsewhere));
        Assert.NotNull(gate.TryEnter(IPAddress.Loopback));
        Assert.Null(gate.TryEnter(Elsewhere));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nrequest=")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n8\r\nrequest=\r\n")]
    public async Task A_body_that_does_not_end_in_time_is_408_and_the_end_of_the_connection(string rest)
    {
        await using var host = await StartAsync(limits => limits with { BodyTime = TimeSpan.FromMilliseconds(100) });
        var connection = await OpenAsync(host.Address, Form + rest);

        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"InvalidArgument\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_do_not_end_in_time_are_the_end_of_the_connection()
    {
        await using var host = await StartAsync(limits => limits with { HeadersTime = TimeSpan.FromSeconds(1) });
        var connection = await OpenAsync(host.Address, "POST /rest/ HTTP/1.1\r\nHost:");

        var answer = await connection.ReadToEndAsync();

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task An_idle_connection_ends()
    {
        await using var host = await StartAsync(limits => limits with { KeepAlive = TimeSpan.FromSeconds(1) });
        Assert.Empty(await (await OpenAsync(host.Address, string.Empty)).ReadToEndAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_long_is_413_in_the_envelope(bool chunked)
    {
        await using var host = await StartAsync(limits => limits with { BodyBytes = 1000 });
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes("request=" + new string('x', 2000)));
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rest/") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await host.Client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("longer than 1000 bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await host.Client.OkAsync("ListVolumes");
    }

    [Fact]
    public async Task Too_many_headers_are_431_and_too_long_a_query_414()
    {
        await using var host = await InProcessHost.StartAsync();
        using var headers = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        for (var i = 0; i < 100; i++)
        {
            headers.Headers.Add("X-H" + i.ToString(CultureInfo.InvariantCulture), "1");
        }

        using var tooMany = await host.Client.Http.SendAsync(headers);
        using var tooLong = await host.Client.Http.GetAsync(new Uri("/rest/?request=" + new string('x', 40_000), UriKind.Relative));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, tooMany.StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, tooLong.StatusCode);
    }

    private Task<InProcessHost> StartAsync(Func<ServerLimits, ServerLimits> limit) =>
        InProcessHost.StartAsync(configure: options => options with { Limits = limit(options.Limits), Log = _log });

    private async Task<RawConnection> OpenAsync(Uri server, string text)
    {
        var connection = await RawConnection.OpenAsync(server, text);
        _connections.Add(connection);
        return connection;
    }

    private static async Task<bool> IsRefusedAsync(Uri server)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(server);
            return (await connection.ReadToEndAsync()).Length == 0;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private static bool TryGet(HttpClient http)
    {
        try
        {
            return http.GetStringAsync(new Uri("/healthz", UriKind.Relative)).GetAwaiter().GetResult()
                .Contains("ok", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
