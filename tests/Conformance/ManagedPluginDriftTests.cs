namespace HedvigStorage.Conformance;

/// <summary>
/// A document's managed plugin, while a container writes a volume of it, after somebody has changed it with the engine's own client.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ManagedPluginDriftTests(ManagedPluginFixture plugin) : IAsyncLifetime
{
    private Site _site = null!;

    private string Name => _site.Driver;

    private string Container => Name + "-user";

    public async Task InitializeAsync()
    {
        await plugin.StartAsync();
        _site = await Site.StartClusterAsync(plugin.Daemon.Address);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Disabled_it_is_found_with_the_reason_and_enabled_again_as_it_was()
    {
        await BeginAsync();
        var id = await InspectAsync("{{.Id}}");
        (await _site.DockerAsync("plugin", "disable", "-f", Name)).Expect(0);
        _ = await WriteAsync("meanwhile");

        var found = (await _site.TestAsync(Document())).Expect(2).Output;
        Assert.Contains(
            $"plugin/{Name}: It is installed in the mode Managed and does not run. (changed outside the document)",
            found,
            StringComparison.Ordinal);
        Assert.Contains("state: stopped -> Running", found, StringComparison.Ordinal);
        Assert.DoesNotContain("cluster:", found, StringComparison.Ordinal);
        Assert.Contains("1 of 3 objects differ", found, StringComparison.Ordinal);
        Assert.Equal("false", await InspectAsync("{{.Enabled}}"));

        (await _site.ApplyAsync(Document())).Expect(0);
        Assert.Equal(id + " true", await InspectAsync("{{.Id}} {{.Enabled}}"));
        await AssertConvergedAsync("before meanwhile");
    }

    [SkippableFact]
    public async Task Settings_changed_by_hand_are_found_and_put_right_once_no_container_is_in_the_way()
    {
        await BeginAsync();
        var elsewhere = Path.Combine(_site.Folder, "elsewhere");
        _ = Directory.CreateDirectory(elsewhere);
        (await _site.DockerAsync("plugin", "disable", "-f", Name)).Expect(0);
        (
            await _site.DockerAsync(
                "plugin", "set", Name, "args=--host elsewhere", "state.source=" + elsewhere, "HV_CLUSTER=http://127.0.0.1:1")).Expect(0);
        string[] settings =
        [
            "host: elsewhere -> conformance",
            $"stateDirectory: {elsewhere} -> {State}",
            "cluster: http://127.0.0.1:1 -> ",
        ];

        var stopped = (await _site.TestAsync(Document())).Expect(2).Output;
        Assert.Contains(
            "It is installed in the mode Managed and does not run. (changed outside the document)", stopped, StringComparison.Ordinal);
        Assert.All(settings, setting => Assert.Contains(setting, stopped, StringComparison.Ordinal));

        // An engine makes another plugin of other settings, and a container keeps it from that.
        Assert.Contains(
            $"cdata (by the container {Container})", (await _site.ApplyAsync(Document())).Expect(1).Errors, StringComparison.Ordinal);
        _ = await WriteAsync("meanwhile");
        (await _site.DockerAsync("rm", "-f", Container)).Expect(0);

        (await _site.DockerAsync("plugin", "enable", Name)).Expect(0);
        var running = (await _site.PlanAsync(Document())).Expect(2).Output;
        Assert.Contains($"plugin/{Name}: It runs with other settings. It is recreated.", running, StringComparison.Ordinal);
        Assert.Contains("it is refused while one is", running, StringComparison.Ordinal);
        Assert.All(settings, setting => Assert.Contains(setting, running, StringComparison.Ordinal));

        (await _site.ApplyAsync(Document())).Expect(0);
        await AssertConvergedAsync("before meanwhile");
    }

    [SkippableFact]
    public async Task Removed_under_a_container_that_writes_it_is_found_and_recreated_and_the_volume_is_the_same_one()
    {
        await BeginAsync();
        var id = await InspectAsync("{{.Id}}");
        (await _site.DockerAsync("plugin", "rm", "-f", Name)).Expect(0);
        _ = await WriteAsync("meanwhile");

        Assert.Contains($"plugin/{Name}: It is not there.", (await _site.TestAsync(Document())).Expect(2).Output, StringComparison.Ordinal);

        (await _site.ApplyAsync(Document())).Expect(0);
        Assert.NotEqual(id, await InspectAsync("{{.Id}}"));
        await AssertConvergedAsync("before meanwhile");
    }

    private async Task BeginAsync()
    {
        (await _site.ApplyAsync(Document())).Expect(0);
        (await _site.TestAsync(Document())).Expect(0);
        _ = await WriteAsync("before");
    }

    private string State => Path.Combine(_site.Folder, "state");

    private string Document() => $$"""
        {
          "name": "DRIVER",
          "volumes": [ { "name": "cdata", "size": "64MB" } ],
          "docker": {
            "plugin": { "name": "DRIVER", "mode": "Managed", "host": "conformance", "stateDirectory": "{{State}}" },
            "containers": [
              { "name": "{{Container}}", "image": "{{TestImages.Busybox}}", "network": "none", "stopTimeout": 1, "state": "Running",
                "mounts": [ { "volume": "cdata", "target": "/srv" } ], "command": [ "sleep", "1000" ] }
            ]
          }
        }
        """;

    // What the first container writes another one reads at once, so both have one file system: two of one image would destroy it.
    private async Task AssertConvergedAsync(string content)
    {
        (await _site.TestAsync(Document())).Expect(0);
        _ = await WriteAsync("after");
        Assert.Equal(content + " after", await ReadAsync());
        (await _site.DockerAsync("rm", "-f", Container)).Expect(0);
        Assert.Equal(content + " after", await ReadAsync());
    }

    private Task<string> InspectAsync(string format) => OutputAsync("plugin", "inspect", "-f", format, Name);

    private Task<string> WriteAsync(string word) => OutputAsync("exec", Container, "sh", "-c", $"echo {word} >> /srv/words");

    private async Task<string> ReadAsync() =>
        (await OutputAsync(
            "run",
            "--rm",
            "--network",
            "none",
            "--volume-driver",
            Name,
            "-v",
            "cdata:/srv",
            TestImages.Busybox,
            "cat",
            "/srv/words")).Replace('\n', ' ');

    private async Task<string> OutputAsync(params string[] arguments) => (await _site.DockerAsync(arguments)).Expect(0).Output.Trim();
}
