namespace HedvigStorage.Conformance;

/// <summary><c>hv cluster check</c>, of a cluster that runs and of one that is stopped.</summary>
public sealed class ClusterCheckTests : IAsyncLifetime
{
    private ClusterFolder _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFolder.StartAsync("--reserve", "0");
        var document = Path.Combine(_cluster.Folder, "site.json");
        await File.WriteAllTextAsync(
            document, """{ "volumes": [ { "name": "v", "size": "64MB" } ], "snapshots": [ { "volume": "v", "name": "s" } ] }""");
        (await _cluster.HvAsync("apply", document)).Expect(0);
    }

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task A_cluster_that_is_well_is_told_to_be_whether_it_runs_or_not()
    {
        Assert.Contains("Nothing is wrong", await OutputOfAsync(0, "cluster", "check"), StringComparison.Ordinal);
        (await _cluster.HvAsync("cluster", "stop")).Expect(0);
        Assert.Contains("Nothing is wrong", await OutputOfAsync(0, "cluster", "check"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_told_with_status_2_whether_it_runs_or_not_and_shown_by_status()
    {
        File.Delete(Directory.GetFiles(Path.Combine(_cluster.Data, "snapshots")).Single());
        Assert.Contains("The snapshot 'v@s' is damaged", await OutputOfAsync(2, "cluster", "check"), StringComparison.Ordinal);
        Assert.Contains("The snapshot 'v@s' is damaged", await OutputOfAsync(0, "cluster", "status"), StringComparison.Ordinal);
        (await _cluster.HvAsync("cluster", "stop")).Expect(0);
        Assert.Contains("\"healthy\":false", await OutputOfAsync(2, "cluster", "check", "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_an_error()
    {
        _ = (await _cluster.HvAsync("cluster", "check", "--accept")).Expect(1);
        _ = (await _cluster.HvAsync("cluster", "check", "--data", Path.Combine(_cluster.Folder, "nowhere"))).Expect(1);
    }

    private async Task<string> OutputOfAsync(int status, params string[] arguments) =>
        (await _cluster.HvAsync(arguments)).Expect(status).Output;
}
