using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

public sealed class ClosedConnectionTests : IDisposable
{
    private readonly ScriptedCluster _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_request_by_a_closed_connection_is_an_error_of_the_cluster()
    {
        var cluster = _server.Connect();
        await cluster.ConnectAsync(CancellationToken.None);
        cluster.Dispose();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Contains("has been closed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_under_way_when_its_connection_is_closed_says_so_and_is_not_sent_again()
    {
        using var asked = new ManualResetEventSlim();
        using var answer = new ManualResetEventSlim();
        _server.On("VirtualDiskDetails", _ =>
        {
            asked.Set();
            answer.Wait();
            return Ok($$"""{"volume":{{Volume("v")}}}""");
        });
        var cluster = _server.Connect();
        var pending = Task.Run(() => cluster.FindVolumeAsync("v", CancellationToken.None));
        asked.Wait();
        cluster.Dispose();

        var error = await Assert.ThrowsAsync<ClusterException>(() => pending);
        answer.Set();

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Contains("has been closed", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.SeenOf("VirtualDiskDetails"));
    }
}
