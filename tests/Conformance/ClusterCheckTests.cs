namespace HedvigStorage.Conformance;

/// <summary><c>hv cluster check</c>, of a cluster that runs and of one that is stopped.</summary>
public sealed class ClusterCheckTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-check-").FullName;

    private string Data => Path.Combine(_folder, ".hedvig", "cluster");

    public async Task InitializeAsync()
    {
        (await HvAsync("cluster", "start", "--listen", "http://127.0.0.1:0", "--reserve", "0")).Expect(0);
        var document = Path.Combine(_folder, "site.json");
        await File.WriteAllTextAsync(
            document, """{ "volumes": [ { "name": "v", "size": "64MB" } ], "snapshots": [ { "volume": "v", "name": "s" } ] }""");
        (await HvAsync("apply", document)).Expect(0);
    }

    public async Task DisposeAsync()
    {
        var stopped = await HvAsync("cluster", "stop");
        Directory.Delete(_folder, recursive: true);
        _ = stopped.Expect(0);
    }

    [Fact]
    public async Task A_cluster_that_is_well_is_told_to_be_whether_it_runs_or_not()
    {
        Assert.Contains("Nothing is wrong", (await HvAsync("cluster", "check")).Expect(0).Output, StringComparison.Ordinal);
        (await HvAsync("cluster", "stop")).Expect(0);
        Assert.Contains("Nothing is wrong", (await HvAsync("cluster", "check")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_told_with_status_2_whether_it_runs_or_not_and_shown_by_status()
    {
        File.Delete(Directory.GetFiles(Path.Combine(Data, "snapshots")).Single());
        Assert.Contains("The snapshot 'v@s' is damaged", (await HvAsync("cluster", "check")).Expect(2).Output, StringComparison.Ordinal);
        Assert.Contains("The snapshot 'v@s' is damaged", (await HvAsync("cluster", "status")).Expect(0).Output, StringComparison.Ordinal);
        (await HvAsync("cluster", "stop")).Expect(0);
        Assert.Contains("\"healthy\":false", (await HvAsync("cluster", "check", "--json")).Expect(2).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_an_error()
    {
        _ = (await HvAsync("cluster", "check", "--accept")).Expect(1);
        _ = (await HvAsync("cluster", "check", "--data", Path.Combine(_folder, "nowhere"))).Expect(1);
    }

    private Task<Ended> HvAsync(params string[] arguments) =>
        Programs.RunAsync(
            Programs.Path("hv"),
            _folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock" },
            arguments);
}
