namespace HedvigStorage.Conformance;

/// <summary>The README's quick start, as its reader runs it.</summary>
[Collection(EngineCollection.Name)]
public sealed class QuickstartTests(EngineFixture engine)
{
    private static readonly string Example = Path.Combine(Programs.RepositoryRoot, "examples", "quickstart.json");

    [SkippableFact]
    public async Task With_root_and_a_docker_engine_a_second_container_reads_what_the_first_wrote()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = engine.DockerHost };
        await using var folder = new Folder(environment);
        Assert.True(
            (await folder.HvAsync("plugin", "status")).Status == 1,
            "A plugin host 'hedvig' runs on this machine already. Stop it before the tests.");

        var first = (await folder.HvAsync("quickstart")).Expect(0).Output;
        Assert.Contains("made the image hv-quickstart:1", first, StringComparison.Ordinal);
        Assert.Contains("wrote: a greeting of", first, StringComparison.Ordinal);
        Assert.Contains("found: a greeting of", first, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", first, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", (await folder.HvAsync("plan", Example)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("found: a greeting of", (await folder.HvAsync("quickstart")).Expect(0).Output, StringComparison.Ordinal);

        var refused = (await folder.HvAsync("plugin", "stop")).Expect(1);
        Assert.Contains("quickstart-data", refused.Errors, StringComparison.Ordinal);
        (await Programs.RunAsync("docker", "/", environment, "rm", "-f", "hv-quickstart")).Expect(0);
        (await folder.HvAsync("plugin", "stop")).Expect(0);
    }

    [Fact]
    public async Task Without_a_docker_engine_the_storage_part_is_done_and_the_rest_is_said_to_be_left_out()
    {
        await using var folder = new Folder(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock" });
        var first = (await folder.HvAsync("quickstart")).Expect(0).Output;
        Assert.Single(
            first.Split('\n'),
            line =>
                line.StartsWith("! The Docker part is left out", StringComparison.Ordinal)
                    && line.Contains("/nonexistent/docker.sock", StringComparison.Ordinal));
        Assert.Contains("create volume/quickstart-data", first, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", first, StringComparison.Ordinal);
        (await folder.HvAsync("plan", Example)).Expect(0);
        (await folder.HvAsync("test", Example)).Expect(0);

        var again = (await folder.HvAsync("quickstart")).Expect(0).Output;
        Assert.DoesNotContain("create volume/quickstart-data", again, StringComparison.Ordinal);

        var grown = Path.Combine(folder.Path, "grown.json");
        await File.WriteAllTextAsync(grown, (await File.ReadAllTextAsync(Example)).Replace("\"1GB\"", "\"2GB\"", StringComparison.Ordinal));
        Assert.Contains("size: 1GB -> 2GB", (await folder.HvAsync("plan", grown)).Expect(2).Output, StringComparison.Ordinal);
        (await folder.HvAsync("test", grown)).Expect(2);
        (await folder.HvAsync("apply", grown)).Expect(0);
        (await folder.HvAsync("plan", grown)).Expect(0);
        var shrunk = (await folder.HvAsync("apply", Example)).Expect(1).Errors;
        Assert.Contains("2GB", shrunk, StringComparison.Ordinal);
        Assert.Contains("1GB", shrunk, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Without_root_the_storage_part_is_done_and_the_rest_is_said_to_be_left_out()
    {
        Skip.If(!Programs.IsRoot, "it is not run as root, so it cannot become another user");
        Skip.If(!Programs.Exists("setpriv"), "setpriv is not installed");
        await using var folder = new Folder(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = engine.DockerHost, ["HOME"] = "/tmp" });
        await folder.OpenToAllAsync();
        var ended = (await folder.HvAsNobodyAsync("quickstart")).Expect(0);
        Assert.Single(ended.Output.Split('\n'), line => line.StartsWith("! The Docker part is left out", StringComparison.Ordinal));
        Assert.Contains("create snapshot/quickstart-data@blank", ended.Output, StringComparison.Ordinal);
        (await folder.HvAsNobodyAsync("plan", Example)).Expect(0);
        (await folder.HvAsNobodyAsync("cluster", "stop")).Expect(0);
    }

    /// <summary>An empty folder whose cluster is stopped at the end.</summary>
    private sealed class Folder(Dictionary<string, string> environment) : IAsyncDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("hedvigstorage-quickstart-").FullName;

        public Task<Ended> HvAsync(params string[] arguments) => Programs.RunAsync(Programs.Path("hv"), Path, environment, arguments);

        public Task<Ended> HvAsNobodyAsync(params string[] arguments) => Programs.RunAsync(
            "setpriv", Path, environment, [.. "--reuid=65534 --regid=65534 --clear-groups".Split(' '), Programs.Path("hv"), .. arguments]);

        public async Task OpenToAllAsync() => (await Programs.RunAsync("chmod", "/", environment: null, "0777", Path)).Expect(0);

        public async ValueTask DisposeAsync()
        {
            // By name, for it may be another user's.
            var stopped = await HvAsync("cluster", "stop", "--data", ".hedvig/cluster");
            Directory.Delete(Path, recursive: true);
            _ = stopped.Expect(0);
        }
    }
}
