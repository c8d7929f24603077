using System.Text.Json.Nodes;
using HedvigStorage.Conformance.Dsc;
using YamlDotNet.Serialization;

namespace HedvigStorage.Conformance;

/// <summary>The files below <c>examples/</c>, as their readers run them.</summary>
[Collection(EngineCollection.Name)]
public sealed class ExampleTests(EngineFixture engine)
{
    private static readonly string Examples = Path.Combine(Programs.RepositoryRoot, "examples");

    [Fact]
    public async Task The_policies_of_two_sites_converge()
    {
        await using var cluster = await ClusterProcess.StartAsync();
        var document = Path.Combine(Examples, "two-sites", "policies.json");
        var connection = new[] { "--cluster", $"http://{cluster.Node}", "--credential-file", cluster.CredentialFile };
        var applied = (await Programs.HvAsync("/", ["apply", document, .. connection])).Expect(0).Output;
        Assert.Contains("dataCenters=frankfurt,zurich is recorded as requested", applied, StringComparison.Ordinal);
        Assert.Contains("snapshotSchedule: hourly=24,daily=14,weekly=8", applied, StringComparison.Ordinal);
        Assert.Contains(
            "all 5 objects are as desired",
            (await Programs.HvAsync("/", ["plan", document, .. connection])).Expect(0).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_DSC_configuration_is_set_resource_by_resource()
    {
        await using var cluster = await ClusterProcess.StartAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HV_CLUSTER"] = $"http://{cluster.Node}",
            ["HV_CREDENTIAL_FILE"] = cluster.CredentialFile,
        };
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<object>(await File.ReadAllTextAsync(Path.Combine(Examples, "dsc", "database.dsc.config.yaml")));
        var resources = JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml))!["resources"]!.AsArray();
        Assert.Equal(3, resources.Count);
        foreach (var resource in resources)
        {
            var manifest = DscManifest.Load(resource!["type"]!.GetValue<string>(), environment);
            var input = resource["properties"]!.ToJsonString();
            Assert.False((await manifest.InvokeAsync("test", input))[0]["_inDesiredState"]!.GetValue<bool>());
            _ = await manifest.InvokeAsync("set", input);
            Assert.True((await manifest.InvokeAsync("test", input))[0]["_inDesiredState"]!.GetValue<bool>());
        }

        Assert.Equal("database", (await cluster.FindVolumeAsync("customers"))!["policy"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task A_build_has_a_database_of_its_own_that_is_gone_afterwards()
    {
        await using var site = await StartAsync();
        (await site.HvAsync("apply", Path.Combine(Examples, "ci", "golden.json"))).Expect(0);
        var script = Path.Combine(Examples, "ci", "with-database.sh");
        var build =
            (await site.RunAsync(script, "42", "docker", "exec", "ci-42", "redis-cli", "-s", "/data/redis.sock", "set", "key", "value"))
                .Expect(0);
        Assert.Contains("\nOK\n", build.Output, StringComparison.Ordinal);
        await AssertGoneAsync(site);

        (await site.RunAsync(script, "43", "sh", "-c", "docker inspect ci-43 && exit 7")).Expect(7);
        await AssertGoneAsync(site);
        Assert.Contains("release-1", (await site.HvAsync("export")).Expect(0).Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Compose_makes_keeps_and_removes_a_volume()
    {
        Skip.If(!Programs.Exists("docker-compose"), "docker-compose is not installed");
        Skip.If(engine.Missing is not null, engine.Missing);

        // For each name that it does not know, an engine asks every driver that it has ever known, those that are gone for 15 s each; those
        // of other tests are many.
        await using var daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName);
        await using var site = await StartAsync(daemon.Address);
        Task<Ended> ComposeAsync(params string[] arguments) =>
            site.RunAsync(
                "docker-compose",
                ["--project-name", "hv-example", "--file", Path.Combine(Examples, "compose", "compose.yml"), .. arguments]);
        (await ComposeAsync("up", "--detach")).Expect(0);
        var volume = JsonNode.Parse((await site.HvAsync("export")).Expect(0).Output)!["volumes"]!.AsArray().Single()!;
        Assert.Equal(
            ("compose-data", "1GB", "Xfs"),
            (volume["name"]!.GetValue<string>(), volume["size"]!.GetValue<string>(), volume["fileSystem"]!.GetValue<string>()));
        await Wait.UntilAsync(
            "the database answers",
            async () =>
                (await ComposeAsync("exec", "-T", "db", "redis-cli", "-s", "/data/redis.sock", "set", "key", "value")).Output.Contains(
                    "OK", StringComparison.Ordinal));
        (await ComposeAsync("down")).Expect(0);
        (await ComposeAsync("up", "--detach")).Expect(0);
        await Wait.UntilAsync(
            "the value is there",
            async () =>
                (await ComposeAsync("exec", "-T", "db", "redis-cli", "-s", "/data/redis.sock", "get", "key")).Output.Contains(
                    "value", StringComparison.Ordinal));
        (await ComposeAsync("down", "--volumes")).Expect(0);
        Assert.DoesNotContain("compose-data", (await site.HvAsync("export")).Expect(0).Output, StringComparison.Ordinal);
    }

    private static async Task AssertGoneAsync(ExampleSite site)
    {
        Assert.Empty((await site.RunAsync("docker", "ps", "-aq", "--filter", "name=ci-")).Expect(0).Output);
        var volumes = JsonNode.Parse((await site.HvAsync("export")).Expect(0).Output)!["volumes"]!.AsArray();
        Assert.Equal("ci-golden", Assert.Single(volumes)!["name"]!.GetValue<string>());
    }

    private async Task<ExampleSite> StartAsync(string? dockerHost = null)
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        Skip.If(!Programs.Exists("redis-server"), "redis-server is not installed");
        await TestImages.EnsureRedisAsync(dockerHost ?? engine.DockerHost);
        var site = new ExampleSite(dockerHost ?? engine.DockerHost);
        (await site.RunAsync("docker", "tag", TestImages.Redis, "redis:7")).Expect(0);
        Assert.True(
            (await site.HvAsync("plugin", "status")).Status == 1,
            "A plugin host 'hedvig' runs on this machine already. Stop it before the tests.");
        (await site.HvAsync("cluster", "start", "--overcommit", "0")).Expect(0);
        (await site.HvAsync("plugin", "start")).Expect(0);
        return site;
    }

    /// <summary>
    /// An empty folder with a cluster and the plugin <c>hedvig</c>, and <c>hv</c> on the path, as the examples take for granted.
    /// </summary>
    private sealed class ExampleSite(string dockerHost) : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-example-").FullName;

        private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
        {
            ["DOCKER_HOST"] = dockerHost,
            ["PATH"] = Programs.Directory + ":" + Environment.GetEnvironmentVariable("PATH"),
        };

        public Task<Ended> HvAsync(params string[] arguments) => RunAsync(Programs.Path("hv"), arguments);

        public Task<Ended> RunAsync(string program, params string[] arguments) =>
            Programs.RunAsync(program, _folder, _environment, arguments);

        public async ValueTask DisposeAsync()
        {
            var plugin = await HvAsync("plugin", "stop");
            var cluster = await HvAsync("cluster", "stop");
            _ = await RunAsync("docker", "rmi", "redis:7");
            Directory.Delete(_folder, recursive: true);
            _ = plugin.Expect(0);
            _ = cluster.Expect(0);
        }
    }
}
