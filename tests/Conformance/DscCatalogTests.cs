using System.Text.Json.Nodes;
using HedvigStorage.Conformance.Dsc;

namespace HedvigStorage.Conformance;

/// <summary>The resources of a cluster, run through their manifests as DSC runs them.</summary>
public sealed class DscCatalogTests : IAsyncLifetime
{
    private ClusterProcess _cluster = null!;
    private Dictionary<string, string> _environment = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterProcess.StartAsync();
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HV_CLUSTER"] = $"http://{_cluster.Node}",
            ["HV_CREDENTIAL_FILE"] = _cluster.CredentialFile,
            ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock",
        };
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(
        "Policy",
        """{ "name": "gold", "replicationFactor": 1 }""",
        """{ "name": "gold", "replicationFactor": 1, "description": "better" }""",
        "description")]
    [InlineData(
        "Volume",
        """{ "name": "data", "size": "16MB" }""",
        """{ "name": "data", "size": "32MB", "description": "ours" }""",
        "size,description")]
    public async Task An_object_is_made_changed_and_removed_and_each_operation_says_what_differs(
        string name, string first, string second, string changed)
    {
        var resource = Load(name);
        Assert.False((await resource.InvokeAsync("get", first))[0]["_exist"]!.GetValue<bool>());
        var test = await resource.InvokeAsync("test", first);
        Assert.False(test[0]["_inDesiredState"]!.GetValue<bool>());
        Assert.Contains("_exist", Differences(test));

        var preview = await resource.InvokeAsync("whatIf", first);
        Assert.True(preview[0]["_exist"]!.GetValue<bool>());
        Assert.Contains("_exist", Differences(preview));
        Assert.False((await resource.InvokeAsync("get", first))[0]["_exist"]!.GetValue<bool>());

        Assert.Contains("_exist", Differences(await resource.InvokeAsync("set", first)));
        await AssertDesiredAsync(resource, first);
        Assert.Empty(Differences(await resource.InvokeAsync("set", first)));

        test = await resource.InvokeAsync("test", second);
        Assert.Equal((false, changed), (test[0]["_inDesiredState"]!.GetValue<bool>(), string.Join(',', Differences(test))));
        preview = await resource.InvokeAsync("whatIf", second);
        Assert.Equal(changed, string.Join(',', Differences(preview)));
        await AssertDesiredAsync(resource, first);
        Assert.Equal(changed, string.Join(',', Differences(await resource.InvokeAsync("set", second))));
        await AssertDesiredAsync(resource, second);
        Assert.Single(await resource.InvokeAsync("export", string.Empty));
        Assert.Empty(await resource.InvokeAsync("export", """{ "name": "nothing*" }"""));

        var absent = JsonNode.Parse(second)!;
        absent["_exist"] = false;
        Assert.Equal(["_exist"], Differences(await resource.InvokeAsync("test", absent.ToJsonString())));
        Assert.False((await resource.InvokeAsync("whatIf", absent.ToJsonString()))[0]["_exist"]!.GetValue<bool>());
        Assert.True((await resource.InvokeAsync("get", first))[0]["_exist"]!.GetValue<bool>());
        Assert.Empty(await resource.InvokeAsync("delete", second));
        Assert.Empty(await resource.InvokeAsync("delete", second));
        await AssertDesiredAsync(resource, absent.ToJsonString());
        Assert.Empty(await resource.InvokeAsync("export", string.Empty));
    }

    [Fact]
    public async Task A_snapshot_is_taken_and_removed()
    {
        await SetVolumeAsync("""{ "name": "data", "size": "16MB" }""");
        var resource = Load("Snapshot");
        const string Snapshot = """{ "volume": "data", "name": "before" }""";
        Assert.False((await resource.InvokeAsync("get", Snapshot))[0]["_exist"]!.GetValue<bool>());
        Assert.Equal(["_exist"], Differences(await resource.InvokeAsync("whatIf", Snapshot)));
        Assert.Empty(await _cluster.SnapshotsAsync("data"));
        Assert.Equal(["_exist"], Differences(await resource.InvokeAsync("set", Snapshot)));
        await AssertDesiredAsync(resource, Snapshot);
        Assert.Equal(
            "data before",
            Assert.Single((await resource.InvokeAsync("export", string.Empty)).Select(state => $"{state["volume"]} {state["name"]}")));
        Assert.Empty(await resource.InvokeAsync("delete", Snapshot));
        Assert.Empty(await _cluster.SnapshotsAsync("data"));
        Assert.False((await resource.InvokeAsync("get", """{ "volume": "nowhere", "name": "before" }"""))[0]["_exist"]!.GetValue<bool>());
        Assert.Contains(
            "'nowhere'", await resource.FailAsync("set", """{ "volume": "nowhere", "name": "before" }""", 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_makes_and_removes_many_volumes_in_one_process()
    {
        var resource = Load("VolumeList");
        var list = $$"""{ "volumes": [ {{string.Join(", ", Enumerable.Range(0, 40).Select(number => $$"""{ "name": "v{{number}}", "size": "16MB" }"""))}} ] }""";
        Assert.Equal(["volumes"], Differences(await resource.InvokeAsync("test", list)));
        Assert.Equal(
            40, (await resource.InvokeAsync("whatIf", list))[0]["volumes"]!.AsArray().Count(volume => volume!["_exist"]!.GetValue<bool>()));
        Assert.Empty((await resource.InvokeAsync("export", string.Empty))[0]["volumes"]!.AsArray());
        Assert.Equal(["volumes"], Differences(await resource.InvokeAsync("set", list)));
        await AssertDesiredAsync(resource, list);
        Assert.Equal(40, (await resource.InvokeAsync("export", string.Empty))[0]["volumes"]!.AsArray().Count);

        const string Less = """{ "volumes": [ { "name": "v0", "_exist": false }, { "name": "v1", "size": "32MB" } ] }""";
        Assert.Equal(["volumes"], Differences(await resource.InvokeAsync("set", Less)));
        await AssertDesiredAsync(resource, Less);
        Assert.Equal(
            ["False", "True"],
            (await resource.InvokeAsync("get", Less))[0]["volumes"]!.AsArray()
                .Select(volume => volume!["_exist"]!.GetValue<bool>().ToString()));
        Assert.Equal(39, (await resource.InvokeAsync("export", string.Empty))[0]["volumes"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_configuration_converges_tells_what_is_there_and_an_export_of_it_is_in_its_desired_state()
    {
        var resource = Load("Configuration");
        const string Document = """
            { "name": "site", "policies": [ { "name": "gold", "replicationFactor": 1 } ], "volumes": [ { "name": "data", "size": "16MB", "policy": "gold" }, { "name": "old", "ensure": "Absent" } ],
              "snapshots": [ { "volume": "data", "name": "before" } ] }
            """;
        var test = await resource.InvokeAsync("test", Document);
        Assert.Equal(["policies", "volumes", "snapshots"], Differences(test));
        Assert.Equal("Absent", test[0]["volumes"]![0]!["ensure"]!.GetValue<string>());
        _ = await resource.InvokeAsync("whatIf", Document);
        Assert.Null(await _cluster.FindVolumeAsync("data"));
        Assert.Equal("gold", (await resource.InvokeAsync("set", Document))[0]["volumes"]![0]!["policy"]!.GetValue<string>());
        await AssertDesiredAsync(resource, Document);
        Assert.Equal("16MB", (await resource.InvokeAsync("get", Document))[0]["volumes"]![0]!["size"]!.GetValue<string>());

        var export = Assert.Single(await resource.InvokeAsync("export", string.Empty)).ToJsonString();
        await AssertDesiredAsync(resource, export);
        Assert.Equal(export, (await resource.InvokeAsync("get", string.Empty))[0].ToJsonString());
        Assert.False(resource.Has("delete"));

        // What is no longer described is removed only with both words.
        const string Nothing = """{ "name": "site", "prune": true }""";
        Assert.Contains("volume/data", await resource.FailAsync("set", Nothing, 4), StringComparison.Ordinal);
        Assert.NotNull(await _cluster.FindVolumeAsync("data"));
        _ = await resource.InvokeAsync("set", """{ "name": "site", "prune": true, "allowRemove": true }""");
        Assert.Null(await _cluster.FindVolumeAsync("data"));
    }

    [Fact]
    public async Task A_replacement_is_refused_without_consent_and_said_before()
    {
        await SetVolumeAsync("""{ "name": "data", "size": "512MB" }""");
        var resource = Load("Volume");
        var identity = (await _cluster.FindVolumeAsync("data"))!["id"]?.ToJsonString();
        const string Other = """{ "name": "data", "size": "512MB", "fileSystem": "Xfs" }""";
        Assert.Contains("fileSystem", Differences(await resource.InvokeAsync("whatIf", Other)));
        Assert.Contains("volume/data", await resource.FailAsync("set", Other, 4), StringComparison.Ordinal);
        Assert.Equal(identity, (await _cluster.FindVolumeAsync("data"))!["id"]?.ToJsonString());
        var consented = Other.Replace("}", """, "allowReplace": true }""", StringComparison.Ordinal);
        Assert.Equal(["fileSystem"], Differences(await resource.InvokeAsync("set", consented)));
        Assert.Equal("Xfs", (await resource.InvokeAsync("get", Other))[0]["fileSystem"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("get", "", 2, "There is no input")]
    [InlineData("set", "{ \"name\": ", 2, "line 1")]
    [InlineData("set", "[]", 2, "JSON object")]
    [InlineData("set", """{ "name": "data" }""", 2, "needs a 'size'")]
    [InlineData("set", """{ "name": "data", "sise": "1GB" }""", 2, "Did you mean 'size'?")]
    [InlineData("set", """{ "name": "a/b", "size": "1GB" }""", 2, "'a/b' is not valid")]
    [InlineData("set", """{ "name": "data", "size": "1GB", "ensure": "Absent" }""", 2, "_exist")]
    [InlineData("set", """{ "name": "data", "_exist": "no" }""", 2, "'_exist' is true or false")]
    [InlineData(
        "set", """{ "name": "data", "size": "1GB", "connection": { "password": "hunter2" } }""", 2, "'connection' has no 'password'")]
    [InlineData("test", """{ "name": "data", "size": "1GB", "connection": { "cluster": "http://127.0.0.1:1" } }""", 5, "127.0.0.1:1")]
    [InlineData("get", """{ "name": "data", "connection": { "credentialFile": "/nonexistent.json" } }""", 7, "/nonexistent.json")]
    [InlineData("export", """{ "size": "1GB" }""", 2, "filtered by 'name'")]
    [InlineData("set", """{ "name": "data", "size": "16MB", "policy": "nowhere" }""", 2, "no policy 'nowhere'")]
    [InlineData("set", """{ "name": "data", "from": "nowhere" }""", 3, "'nowhere' couldn't be found")]
    [InlineData("set", """{ "name": "data", "size": "16MB", "encryption": true }""", 4, "Run setkmsinfo command")]
    public async Task Wrong_input_is_one_error_in_the_form_of_DSC_with_a_status_that_the_manifest_tells(
        string operation, string input, int status, string expected)
    {
        var error = await Load("Volume").FailAsync(operation, input, status);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.Null(await _cluster.FindVolumeAsync("data"));
    }

    [Fact]
    public async Task An_object_of_a_document_is_not_changed_by_an_instance()
    {
        _ = await Load("Configuration").InvokeAsync("set", """{ "name": "site", "volumes": [ { "name": "data", "size": "16MB" } ] }""");
        Assert.Contains(
            "'site'", await Load("Volume").FailAsync("set", """{ "name": "data", "size": "32MB" }""", 6), StringComparison.Ordinal);
        await AssertDesiredAsync(Load("Volume"), """{ "name": "data", "size": "16MB" }""");
    }

    [Fact]
    public async Task A_resource_that_is_none_is_wrong_usage()
    {
        var ended = (await Programs.HvAsync("/", "dsc", "get", "--resource", "Volme")).Expect(64);
        Assert.Contains("Did you mean 'Volume'?", ended.Errors, StringComparison.Ordinal);
    }

    private static string[] Differences(IReadOnlyList<JsonNode> lines) =>
        lines[1].AsArray().Select(name => name!.GetValue<string>()).ToArray();

    private static async Task AssertDesiredAsync(DscManifest resource, string instance)
    {
        var test = await resource.InvokeAsync("test", instance);
        Assert.True(test[0]["_inDesiredState"]!.GetValue<bool>(), $"{test[0].ToJsonString()} {test[1].ToJsonString()}");
        Assert.Empty(Differences(test));
    }

    private async Task SetVolumeAsync(string instance) => await Load("Volume").InvokeAsync("set", instance);

    private DscManifest Load(string name) => DscManifest.Load($"HedvigStorage/{name}", _environment);
}
