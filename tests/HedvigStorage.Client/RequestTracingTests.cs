using System.Collections.Concurrent;
using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

public sealed class RequestTracingTests : IDisposable
{
    private readonly ScriptedCluster _server = new();
    private readonly ConcurrentQueue<RequestTrace> _traces = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Each_request_is_told_to_who_asked_for_it_and_to_nobody_else()
    {
        _server.On("ListVolumes", _ => Ok($$"""{"volumes":[{{Volume("v")}}]}"""));
        using var cluster = _server.Connect();
        await cluster.ConnectAsync(CancellationToken.None);

        await Task.Run(async () =>
        {
            RequestTracing.Listen(_traces.Enqueue);
            await cluster.ListVolumesAsync(new VolumeQuery { Pattern = "v*" }, CancellationToken.None);
        });
        await cluster.ListVolumesAsync(new VolumeQuery(), CancellationToken.None);

        var listing = Assert.Single(_traces, trace => trace.Type is "ListVolumes");
        Assert.Equal((1, "ok", _server.Address.Port, 12), (listing.Tries, listing.Outcome, listing.Node.Port, listing.RequestId.Length));
        Assert.Contains("\"pattern\":\"v*\"", listing.Parameters, StringComparison.Ordinal);
        Assert.Matches(
            $@"^ListVolumes to http://127\.0\.0\.1:{_server.Address.Port}: ok after \d+\.\d\d\d s, 1 try \(request [0-9a-f]{{12}}\)\.$",
            listing.ToString());
    }

    [Fact]
    public async Task A_request_that_is_sent_again_is_told_once_with_its_tries()
    {
        var answers = 0;
        _server.On(
            "VirtualDiskDetails",
            _ =>
                Interlocked.Increment(ref answers) == 1
                    ? Failed("session-failure", "The session has ended.")
                    : Ok($$"""{"volume":{{Volume("v")}}}"""));
        using var cluster = _server.Connect();
        RequestTracing.Listen(_traces.Enqueue);

        _ = await cluster.FindVolumeAsync("v", CancellationToken.None);

        Assert.Equal(
            ["Login", "VirtualDiskDetails"], _traces.Select(trace => trace.Type).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Single(_traces, trace => trace.Type is "VirtualDiskDetails");
    }

    [Fact]
    public async Task No_secret_is_told()
    {
        _server.On("AddUser", _ => Ok("{}"));
        using var cluster = _server.Connect();
        RequestTracing.Listen(_traces.Enqueue);

        await cluster.ConnectAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<ClusterException>(
            () => cluster.Administration.ChangePasswordAsync("u", "old-4711", "new-4711", CancellationToken.None));

        var told = string.Join("\n", _traces.Select(trace => trace.Parameters));
        Assert.Contains("\"password\":\"***\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, told, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", told, StringComparison.Ordinal);
        Assert.DoesNotContain("session1", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_nobody_answers_is_told_with_its_outcome()
    {
        using var cluster = _server.Connect();
        await cluster.ConnectAsync(CancellationToken.None);
        cluster.Dispose();
        RequestTracing.Listen(_traces.Enqueue);

        await Assert.ThrowsAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal("no answer", Assert.Single(_traces).Outcome);
    }
}
