namespace HedvigStorage.Conformance;

/// <summary>
/// A managed plugin when its engine or its own process ends. Source of the cases: moby, integration-cli/docker_cli_daemon_plugins_test.go.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ManagedPluginEngineTests(ManagedPluginFixture plugin) : IAsyncLifetime
{
    private Site Site => plugin.Site;

    public Task InitializeAsync() => plugin.StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task An_engine_that_is_stopped_stops_it_and_starts_it_again_if_it_was_enabled()
    {
        var process = await plugin.ProcessAsync();
        await plugin.Daemon.RestartAsync(() => Assert.False(ManagedPluginFixture.Runs(process)));
        Assert.Equal("True", await plugin.StatusAsync("running"));
        (await Site.ShellAsync("after", "true", "/volume")).Expect(0);
        (await Site.DockerAsync("volume", "rm", "after")).Expect(0);

        (await Site.DockerAsync("plugin", "disable", plugin.Name)).Expect(0);
        await plugin.Daemon.RestartAsync();
        Assert.Equal("false", (await Site.DockerAsync("plugin", "inspect", "-f", "{{.Enabled}}", plugin.Name)).Expect(0).Output.Trim());
        (await Site.DockerAsync("plugin", "enable", plugin.Name)).Expect(0);
    }

    [SkippableFact]
    public async Task It_runs_on_when_the_engine_is_killed()
    {
        var process = await plugin.ProcessAsync();
        (await Site.ShellAsync("killed", "echo before > /volume/file", "/volume")).Expect(0);
        await plugin.Daemon.KillAndStartAsync(() => Assert.True(ManagedPluginFixture.Runs(process)));
        Assert.Equal("before\n", (await Site.ShellAsync("killed", "cat /volume/file", "/volume")).Expect(0).Output);
        (await Site.DockerAsync("volume", "rm", "killed")).Expect(0);
    }

    [SkippableFact]
    public async Task With_live_restore_it_runs_on_when_the_engine_is_stopped_or_killed()
    {
        plugin.Daemon.LiveRestore = true;
        await plugin.Daemon.RestartAsync();
        var process = await plugin.ProcessAsync();
        var container = await plugin.RunAsync("alive");
        await plugin.Daemon.RestartAsync(() => Assert.True(ManagedPluginFixture.Runs(process)));
        await plugin.Daemon.KillAndStartAsync(() => Assert.True(ManagedPluginFixture.Runs(process)));
        Assert.Equal(process, await plugin.ProcessAsync());
        (await Site.DockerAsync("exec", container, "sh", "-c", "echo on > /volume/file")).Expect(0);
        await plugin.RemoveAsync(container, "alive");
        plugin.Daemon.LiveRestore = false;
        await plugin.Daemon.RestartAsync();
    }

    [SkippableFact]
    public async Task After_a_restart_of_the_engine_it_is_in_use_until_its_volumes_are_removed()
    {
        var name = plugin.Name + "-second";
        (await plugin.InstallAsync(name)).Expect(0);
        (await Site.DockerAsync("volume", "create", "-d", name, "held")).Expect(0);
        await plugin.Daemon.RestartAsync();
        Assert.Contains("is in use", (await Site.DockerAsync("plugin", "disable", name)).Expect(1).Errors, StringComparison.Ordinal);
        (await Site.DockerAsync("volume", "rm", "held")).Expect(0);
        Assert.Contains("is enabled", (await Site.DockerAsync("plugin", "rm", name)).Expect(1).Errors, StringComparison.Ordinal);
        (await Site.DockerAsync("plugin", "disable", name)).Expect(0);
        (await Site.DockerAsync("plugin", "enable", name)).Expect(0);
        (await Site.DockerAsync("plugin", "rm", "-f", name)).Expect(0);
    }

    [SkippableFact]
    public async Task A_volume_in_use_is_the_same_one_after_the_plugin_was_killed_and_its_snapshot_is_clean()
    {
        var container = await plugin.RunAsync("same");
        (await Site.DockerAsync("exec", container, "sh", "-c", "echo before > /volume/before")).Expect(0);
        await plugin.KillAsync();
        (await Site.DockerAsync("exec", container, "sh", "-c", "echo after > /volume/after")).Expect(0);

        // A second mount of the image, beside the first, would show another file than the container sees, and destroy both.
        Assert.Equal("before\nafter\n", (await Site.ShellAsync("same", "cat /volume/before /volume/after", "/volume")).Expect(0).Output);
        Assert.Equal("""["same"]""", await plugin.StatusAsync("volumes"));

        // Not written to the image yet: only a snapshot that knows the mounted file system freezes it, and has it.
        (await Site.DockerAsync("exec", container, "sh", "-c", "echo late > /volume/late")).Expect(0);
        using (var cluster = Site.Cluster())
        {
            _ = await cluster.CreateSnapshotAsync("same", "clean", default);
        }

        (await Site.DockerAsync("volume", "create", "-d", plugin.Name, "-o", "from=same", "-o", "snapshot=clean", "copy")).Expect(0);
        Assert.Equal("late\n", (await Site.ShellAsync("copy", "cat /volume/late", "/volume")).Expect(0).Output);
        (await Site.DockerAsync("volume", "rm", "copy")).Expect(0);
        using (var cluster = Site.Cluster())
        {
            await cluster.DeleteSnapshotAsync("same", "clean", default);
        }

        await plugin.RemoveAsync(container, "same");
        Assert.DoesNotContain(
            await File.ReadAllLinesAsync("/proc/self/mountinfo"),
            line => line.Contains("/propagated-mount/same", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task It_sees_the_containers_of_all_users()
    {
        var container = await plugin.RunAsync("owned", "--user", "1000");
        var id = (await Site.DockerAsync("inspect", "-f", "{{.Id}}", container)).Expect(0).Output[..12];
        await using (var calls = await CallRecorder.StartAsync(Path.Combine(Site.Folder, "ask.sock"), await plugin.StatusAsync("socket")))
        {
            Assert.Contains($"container {id}", (await calls.AskAsync("Remove", """{"Name":"owned"}""")).Error, StringComparison.Ordinal);
        }

        await plugin.RemoveAsync(container, "owned");
    }
}
