using System.Net;
using System.Text.Json;
using HedvigStorage.Client.Docker;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Tests;

/// <summary>What an engine is asked, and what is read of its answers, where the library has no parameter or no member for it.</summary>
public sealed class EngineLibraryTests
{
    private const string Container = """{ "Id": "1", "Name": "/c", "State": {}, "Config": { "Tty": true }, "HostConfig": { HOST } }""";
    private static readonly Uri Address = new("unix:///x");

    [Fact]
    public async Task A_restart_policy_of_an_engine_to_come_is_read_as_it_is_called()
    {
        using var engine = new DockerEngineClient(Address, new ScriptedEngine(Host("""
            "RestartPolicy": { "Name": "on-tuesdays", "MaximumRetryCount": 3 }, "Memory": 64
            """)));

        var specification = (await engine.FindContainerAsync("c", CancellationToken.None))!.Specification;

        Assert.Equal(new RestartPolicy("on-tuesdays", 3), specification.Restart);
        Assert.Equal(["64"], specification.Settings["resources.memory"]);
        Assert.Empty(specification.Others);
    }

    [Fact]
    public async Task The_output_of_a_container_is_read_whatever_its_restart_policy_is_called()
    {
        var script = new ScriptedEngine(path => path.Contains("/logs", StringComparison.Ordinal) ? "said" : Host("""
            "RestartPolicy": { "Name": "on-tuesdays" }
            """));
        using var engine = new DockerEngineClient(Address, script);

        Assert.Equal("said", await engine.GetContainerLogsAsync("c", CancellationToken.None));
    }

    [Fact]
    public async Task A_restart_policy_that_Docker_does_not_have_is_not_sent()
    {
        var script = new ScriptedEngine("{}");
        using var engine = new DockerEngineClient(Address, script);

        var policy = new RestartPolicy("on-tuesdays", 0);
        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.UpdateRestartPolicyAsync("c", policy, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("'on-tuesdays'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(script.Asked, path => path.Contains("/update", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_that_no_document_can_say_is_named_be_it_one_that_the_library_knows_or_not()
    {
        using var engine = new DockerEngineClient(Address, new ScriptedEngine(Host("""
            "CgroupParent": "x", "OomScoreAdj": 0, "Runtime": "runc", "SettingToCome": { "a": 1 }, "NanoCpus": 5, "Binds": [ "/a:/b" ]
            """)));

        var container = (await engine.FindContainerAsync("c", CancellationToken.None))!;

        Assert.Equal(["CgroupParent", "SettingToCome"], container.Specification.Others);
    }

    [Fact]
    public async Task An_image_says_its_stop_time_and_its_terminal_too()
    {
        using var engine = new DockerEngineClient(Address, new ScriptedEngine("""
            { "Id": "1", "Config": { "StopTimeout": 7, "Tty": true, "OpenStdin": true, "StopSignal": "SIGINT" } }
            """));

        var image = (await engine.FindImageAsync("i", CancellationToken.None))!;

        Assert.Equal(TimeSpan.FromSeconds(7), image.StopTimeout);
        Assert.Equal(["true"], image.Settings["tty"]);
        Assert.Equal(["true"], image.Settings["stdinOpen"]);
        Assert.Equal(["SIGINT"], image.Settings["stopSignal"]);
    }

    [Theory]
    [InlineData("""{ "Id": "1", "Config": { "StopTimeout": "soon" } }""", "Config.StopTimeout")]
    [InlineData("""{ "Id": "1", "Config": { "Labels": 5 } }""", "Config.Labels")]
    [InlineData("{}", "Id")]
    [InlineData("null", "the answer")]
    [InlineData("<html>", "the answer")]
    public async Task An_answer_of_another_form_is_an_error_that_says_where(string answer, string member)
    {
        using var engine = new DockerEngineClient(Address, new ScriptedEngine(answer));

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.FindImageAsync("i", CancellationToken.None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Contains($"'{member}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.43", false)]
    [InlineData("1.44", true)]
    public async Task A_network_s_name_is_looked_for_where_the_engine_would_take_it_twice(string version, bool sent)
    {
        var script = new ScriptedEngine(path => IsCreate(path) ? """{ "Id": "2" }""" : """[ { "Id": "1", "Name": "backend" } ]""", version);
        using var engine = new DockerEngineClient(Address, script);
        async Task Create() => await engine.CreateNetworkAsync(new NetworkSpecification { Name = "backend" }, CancellationToken.None);

        if (sent)
        {
            await Create();
        }
        else
        {
            Assert.Equal(ErrorCode.Conflict, (await Assert.ThrowsAsync<ClusterException>(Create)).Code);
        }

        Assert.Equal(sent, script.Asked.Exists(IsCreate));
    }

    [Theory]
    [InlineData(0d, "/v1.45/containers/c/stop?t=0")]
    [InlineData(1.5, "/v1.45/containers/c/stop?t=2")]
    [InlineData(null, "/v1.45/containers/c/stop")]
    public async Task A_stop_says_how_long_it_may_take_and_at_once_is_a_time_too(double? seconds, string asked)
    {
        var script = new ScriptedEngine(string.Empty);
        using var engine = new DockerEngineClient(Address, script);

        await engine.StopContainerAsync("c", seconds is { } number ? TimeSpan.FromSeconds(number) : null, CancellationToken.None);

        Assert.Equal(asked, script.Asked[^1]);
    }

    [Fact]
    public async Task A_name_is_one_part_of_a_path_whatever_is_in_it()
    {
        var script = new ScriptedEngine("""{ "message": "No such container" }""") { Status = HttpStatusCode.NotFound };
        using var engine = new DockerEngineClient(Address, script);

        Assert.Null(await engine.FindContainerAsync("a b/../c?d#e%2f", CancellationToken.None));

        Assert.Equal("/v1.45/containers/a%20b%2F..%2Fc%3Fd%23e%252f/json", script.Asked[^1]);
    }

    [Theory]
    [InlineData("""{ "error": "manifest for x not found" }""")]
    [InlineData("""{ "errorDetail": { "message": "manifest for x not found" } }""")]
    public async Task An_error_in_the_report_of_a_pull_is_an_error_in_either_form(string line)
    {
        var told = new Lines();
        using var engine = new DockerEngineClient(Address, new ScriptedEngine($$"""
            { "status": "Downloading", "id": "a1", "progress": "[=>  ] 1B/2B", "progressDetail": { "current": 1, "total": 2 } }
            {{line}}
            """));

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.PullImageAsync("x", told, CancellationToken.None));

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Equal("The image 'x' cannot be pulled: manifest for x not found.", error.Message);
        Assert.Equal(["a1 Downloading [=>  ] 1B/2B"], told);
    }

    [Fact]
    public async Task A_pull_that_is_refused_says_why()
    {
        var script = new ScriptedEngine("""{ "message": "dial tcp: no route" }""") { Status = HttpStatusCode.InternalServerError };
        using var engine = new DockerEngineClient(Address, script);

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.PullImageAsync("x:1", null, CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Equal(
            "The image 'x:1' is not on this Docker Engine, and its registry cannot be reached: dial tcp: no route.", error.Message);
    }

    [Fact]
    public async Task What_is_not_said_of_a_container_is_not_sent_but_as_nothing()
    {
        var script = new ScriptedEngine("""{ "Id": "1" }""", newest: "1.48");
        using var engine = new DockerEngineClient(Address, script);

        await engine.CreateContainerAsync(
            "c d",
            new ContainerSpecification
            {
                Image = "i",
                Mounts =
                [
                    new ContainerMount { Source = "v", Target = "/v", Driver = "hedvig", SubPath = "a", NoCopy = true },
                    new ContainerMount { Type = "image", Source = "i2", Target = "/i", SubPath = "b" },
                ],
                StopTimeout = TimeSpan.FromMilliseconds(1500),
                Health = new HealthCheck { Test = ["CMD", "x"], StartPeriod = TimeSpan.Zero },
            },
            CancellationToken.None);

        using var sent = JsonDocument.Parse(script.Sent["/v1.48/containers/create?name=c%20d"]);
        var container = sent.RootElement;
        var host = container.GetProperty("HostConfig");
        // The library says the name in the body too, where no engine looks for it.
        string[] said = ["Name", "Image", "HostConfig", "Healthcheck", "StopTimeout"];
        var unsaid = container.EnumerateObject().Where(member => !said.Contains(member.Name, StringComparer.Ordinal))
            .Concat(host.EnumerateObject().Where(member => member.Name is not ("Mounts" or "RestartPolicy")));
        Assert.All(unsaid, AssertNothing);
        Assert.Equal(2, container.GetProperty("StopTimeout").GetInt32());
        Assert.Equal(HealthCheck.ShortestTime.Ticks * 100, container.GetProperty("Healthcheck").GetProperty("StartPeriod").GetInt64());
        Assert.Equal("no", host.GetProperty("RestartPolicy").GetProperty("Name").GetString());
        const string Options = """{"NoCopy":true,"Subpath":"a","DriverConfig":{"Name":"hedvig"}}""";
        const string Volume = $$"""{"Type":"volume","Source":"v","Target":"/v","ReadOnly":false,"VolumeOptions":{{Options}}}""";
        const string Image = """{"Type":"image","Source":"i2","Target":"/i","ImageOptions":{"Subpath":"b"}}""";
        Assert.Equal($"[{Volume},{Image}]", host.GetProperty("Mounts").GetRawText());
    }

    private static void AssertNothing(JsonProperty member) => Assert.True(
        member.Value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Number => member.Value.GetDouble() == 0,
            JsonValueKind.String => member.Value.GetString() is "",
            JsonValueKind.Array => member.Value.GetArrayLength() == 0,
            JsonValueKind.Object => !member.Value.EnumerateObject().Any(),
            _ => false,
        },
        member.ToString());

    private static bool IsCreate(string path) => path.EndsWith("/create", StringComparison.Ordinal);

    private static string Host(string members) => Container.Replace("HOST", members.Trim(), StringComparison.Ordinal);

    private sealed class Lines : List<string>, IProgress<string>
    {
        public void Report(string value) => Add(value);
    }
}
