using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using HedvigStorage.ClusterHost.Platforms;
using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class FairGateTests
{
    private readonly FairGate _gate = new();
    private readonly ConcurrentQueue<string> _done = new();

    [Fact]
    public async Task Groups_take_turns_and_lanes_within_a_group_take_turns()
    {
        using var open = new ManualResetEventSlim();
        var first = Task.Run(() => _gate.RunAsync("first", "x", () => open.Wait(TimeSpan.FromSeconds(60))));
        while (_gate.IsIdle)
        {
            await Task.Yield();
        }

        Task<bool>[] all =
        [
            Enter("a", "1"),
            Enter("a", "1"),
            Enter("a", "1"),
            Enter("a", "2"),
            Enter("b", "1"),
            Enter("b", "1"),
            Enter("c", "1"),
        ];
        open.Set();
        _ = await Task.WhenAll([first, .. all]);
        Assert.Equal(["a1", "b1", "c1", "a2", "b1", "a1", "a1"], _done);
        Assert.True(_gate.IsIdle);
    }

    [Fact]
    public async Task One_lane_that_is_full_is_refused_and_another_is_not()
    {
        using var open = new ManualResetEventSlim();
        var first = Task.Run(() => _gate.RunAsync("first", "x", () => open.Wait(TimeSpan.FromSeconds(60))));
        while (_gate.IsIdle)
        {
            await Task.Yield();
        }

        var many = Enumerable.Range(0, 64).Select(_ => Enter("a", "1")).ToArray();
        Assert.Equal(ErrorCode.Busy, (await Assert.ThrowsAsync<ClusterException>(() => Enter("a", "1"))).Code);
        var other = Enter("a", "2");
        open.Set();
        _ = await Task.WhenAll([first, other, .. many]);
    }

    [Fact]
    public async Task Work_that_fails_hands_its_turn_on()
    {
        _ = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _gate.RunAsync<bool>("a", "1", () => throw new InvalidOperationException()));
        Assert.True(await Enter("a", "1"));
    }

    [SkippableTheory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::", "127.0.0.1")]
    public async Task The_user_behind_a_local_connection_is_found(string listen, string connect)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Linux tells it.");
        Skip.IfNot(Socket.OSSupportsIPv6 || !listen.Contains(':', StringComparison.Ordinal), "This machine has no IPv6.");
        using var listener = new TcpListener(IPAddress.Parse(listen), 0);
        if (listen is "::")
        {
            listener.Server.DualMode = true;
        }

        listener.Start();
        using var client = new TcpClient(
            connect.Contains(':', StringComparison.Ordinal) ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Parse(connect), ((IPEndPoint)listener.LocalEndpoint).Port);
        using var server = await listener.AcceptTcpClientAsync();
        var user = RunningSystem.Current.FindUser((IPEndPoint)server.Client.RemoteEndPoint!, (IPEndPoint)server.Client.LocalEndPoint!);
        var own = (await System.IO.File.ReadAllLinesAsync("/proc/self/status"))
            .Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
        Assert.Equal(own, user);
    }

    private Task<bool> Enter(string group, string lane) => _gate.RunAsync(group, lane, () =>
    {
        _done.Enqueue(group + lane);
        return true;
    });
}
