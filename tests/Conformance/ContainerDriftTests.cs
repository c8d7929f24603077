namespace HedvigStorage.Conformance;

/// <summary>
/// A document's container on a real engine after somebody has changed something of it with the engine's own client: what <c>test</c> tells,
/// and that <c>apply</c> mends it.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ContainerDriftTests(EngineFixture engine) : IAsyncLifetime
{
    private Site _site = null!;

    private string Name => _site.Driver + "-app";

    private string Image => _site.Driver + ":1";

    private string Document => $$"""
        {
          "name": "DRIVER",
          "volumes": [ { "name": "{{Volume}}", "size": "64MB" } ],
          "docker": {
            "plugin": { "name": "DRIVER", "host": "conformance" },
            "containers": [
              { "name": "{{Name}}", "image": "{{Image}}", "network": "none", "stopTimeout": 1, "state": "Running",
                "mounts": [ { "volume": "{{Volume}}", "target": "/srv" } ], "command": [ "sleep", "1000" ] }
            ]
          }
        }
        """;

    public async Task InitializeAsync()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        _site = await Site.StartAsync(engine.DockerHost);
        _ = await DockerAsync("tag", TestImages.Busybox, Image);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.RemoveContainersAsync();
            _ = await _site.DockerAsync("image", "rm", Image);
            await _site.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Paused_or_renamed_it_goes_on_as_the_same_one()
    {
        await BeginAsync();
        var id = await InspectAsync("{{.Id}}");
        _ = await DockerAsync("pause", Name);
        await FindAsync($"container/{Name}: It differs in state.", "state: paused -> Running");
        await ConvergeAsync();
        Assert.Equal(id + " running", await InspectAsync("{{.Id}} {{.State.Status}}"));

        _ = await DockerAsync("rename", Name, Name + "-old");
        await FindAsync($"container/{Name}: It is currently named '{Name}-old' and will be renamed.");
        await ConvergeAsync();
        Assert.Equal(id + " running", await InspectAsync("{{.Id}} {{.State.Status}}"));
        Assert.Equal(Name, await DockerAsync("ps", "-a", "--filter", "volume=" + Volume, "--format", "{{.Names}}"));
    }

    [SkippableFact]
    public async Task An_image_whose_tag_was_moved_is_found_and_takes_the_place_of_the_old_one_with_consent()
    {
        await BeginAsync();
        var before = await InspectAsync("{{.Image}}");
        _ = await DockerAsync("create", "--name", Name + "-next", TestImages.Busybox, "true");
        var moved = await DockerAsync("commit", "--change", "LABEL release=2", Name + "-next", Image);
        _ = await DockerAsync("rm", Name + "-next");
        Assert.NotEqual(before, moved);

        await FindAsync($"container/{Name}: image cannot be changed in place.", $"{Image} ({Short(before)}) -> {Image} ({Short(moved)})");
        Assert.Contains("would be replaced", (await _site.ApplyAsync(Document)).Expect(1).Errors, StringComparison.Ordinal);
        await ConvergeAsync("--allow-replace");
        Assert.Equal(moved, await InspectAsync("{{.Image}}"));
        Assert.Equal("kept", await ReadAsync());
    }

    [SkippableFact]
    public async Task Recreated_by_hand_without_our_labels_it_is_as_desired_and_with_another_volume_it_is_not()
    {
        await BeginAsync();
        await RunAsync(Volume);
        (await _site.TestAsync(Document)).Expect(0);

        await RunAsync(Volume + "-other");
        await FindAsync(
            $"container/{Name}: mounts cannot be changed in place.",
            $"mounts: {Volume}-other:/srv ({_site.Driver}) -> {Volume}:/srv ({_site.Driver})");
        await ConvergeAsync("--allow-replace");
        Assert.Equal("kept", await ReadAsync());
    }

    [SkippableFact]
    public async Task A_volume_that_was_replaced_under_a_stopped_container_is_taken_for_the_documents_and_mounted()
    {
        await BeginAsync();
        _ = await DockerAsync("stop", Name);
        using (var cluster = _site.Cluster())
        {
            await cluster.DeleteVolumeAsync(Volume, default);
        }

        await FindAsync($"volume/{Volume}: It is not there.", $"container/{Name}: It differs in state.");
        await ConvergeAsync();
        Assert.Equal(string.Empty, await DockerAsync("exec", Name, "sh", "-c", "cat /srv/file 2>/dev/null || true"));
    }

    [SkippableFact]
    public async Task A_volume_that_somebody_elses_container_uses_too_is_neither_removed_nor_replaced_and_the_refusal_names_that()
    {
        await BeginAsync();
        _ = await DockerAsync(
            "run",
            "-d",
            "--name",
            Name + "-guest",
            "--network",
            "none",
            "--volume-driver",
            _site.Driver,
            "-v",
            Volume + ":/srv",
            TestImages.Busybox,
            "sleep",
            "1000");
        (await _site.TestAsync(Document)).Expect(0);
        var absent = Document.Replace("\"size\": \"64MB\"", "\"ensure\": \"Absent\"", StringComparison.Ordinal)
            .Replace("\"state\": \"Running\"", "\"ensure\": \"Absent\"", StringComparison.Ordinal);
        var refused = (await _site.ApplyAsync(absent, "--allow-remove")).Expect(1);
        Assert.Contains($"The volume '{Volume}' is attached to the host 'conformance'", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("kept", await DockerAsync("exec", Name + "-guest", "cat", "/srv/file"));
        _ = await DockerAsync("rm", "-f", Name + "-guest");
        (await _site.ApplyAsync(absent, "--allow-remove")).Expect(0);
        (await _site.TestAsync(absent)).Expect(0);
    }

    // An engine's volumes have one name for all drivers.
    private string Volume => _site.Driver + "-data";

    private async Task BeginAsync()
    {
        await ConvergeAsync();
        _ = await DockerAsync("exec", Name, "sh", "-c", "echo kept > /srv/file");
    }

    private static string Short(string id) => id["sha256:".Length..][..12];

    private async Task FindAsync(params string[] texts)
    {
        var found = (await _site.TestAsync(Document)).Expect(2).Output;
        Assert.All(texts, text => Assert.Contains(text, found, StringComparison.Ordinal));
    }

    private async Task ConvergeAsync(params string[] options)
    {
        (await _site.ApplyAsync(Document, options)).Expect(0);
        (await _site.TestAsync(Document)).Expect(0);
    }

    private async Task RunAsync(string volume)
    {
        _ = await DockerAsync("rm", "-f", Name);
        _ = await DockerAsync(
            "run",
            "-d",
            "--name",
            Name,
            "--network",
            "none",
            "--stop-timeout",
            "1",
            "--volume-driver",
            _site.Driver,
            "-v",
            volume + ":/srv",
            Image,
            "sleep",
            "1000");
    }

    private Task<string> InspectAsync(string format) => DockerAsync("inspect", "-f", format, Name);

    private Task<string> ReadAsync() => DockerAsync("exec", Name, "cat", "/srv/file");

    private async Task<string> DockerAsync(params string[] arguments) => (await _site.DockerAsync(arguments)).Expect(0).Output.Trim();
}
