using Xunit.Abstractions;

namespace HedvigStorage.Conformance;

/// <summary>
/// An engine that is restarted, or killed and started, finds its volumes and their data. It has an engine of its own for that.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class EngineRestartTests(EngineFixture engine, ITestOutputHelper output)
{
    private const string Writer =
        "trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); echo $i > /volume/count || exit 1; sync; sleep 0.05; done";

    [SkippableFact]
    public async Task A_restarted_engine_knows_its_volumes_and_activates_the_driver_again()
    {
        await WithEngineAsync([], async (daemon, site) =>
        {
            (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=64MB", "--label", "kept=yes", "kept")).Expect(0);
            (await site.ShellAsync("kept", "echo before > /volume/file", "/volume")).Expect(0);
            await daemon.RestartAsync();
            Assert.Equal(
                $"{site.Driver} yes 64MB",
                (await site.DockerAsync("volume", "inspect", "-f", "{{.Driver}} {{.Labels.kept}} {{.Status.size}}", "kept"))
                    .Expect(0).Output.Trim());
            Assert.Equal("before\n", (await site.ShellAsync("kept", "cat /volume/file", "/volume")).Expect(0).Output);
            Assert.Equal((1, 0, 2, 2), site.Calls.Count("kept"));
            Assert.All(site.Calls.PerEngine("Activate"), count => Assert.Equal(1, count));
            (await site.DockerAsync("volume", "rm", "kept")).Expect(0);
        });
    }

    [SkippableFact]
    public async Task A_restart_of_the_engine_unmounts_the_volume_of_a_running_container_and_mounts_it_again()
    {
        await WithEngineAsync([], async (daemon, site) =>
        {
            var container = await RunWriterAsync(site, "--restart", "always");
            await daemon.RestartAsync();
            await Wait.UntilAsync("the container runs again", () => IsRunningAsync(site, container));
            Assert.Equal((1, 0, 2, 1), site.Calls.Count("live"));
            Assert.Single(site.Mounts());
            (await site.DockerAsync("rm", "-f", container)).Expect(0);
            Assert.Equal((1, 0, 2, 2), site.Calls.Count("live"));
            Assert.Empty(site.Mounts());
        });
    }

    [SkippableFact]
    public async Task After_the_engine_was_killed_the_data_is_there_and_another_container_uses_the_volume()
    {
        await WithEngineAsync([], async (daemon, site) =>
        {
            var container = await RunWriterAsync(site);
            await daemon.KillAndStartAsync();
            await Wait.UntilAsync("the engine has ended the container", async () => !await IsRunningAsync(site, container));
            Assert.True(
                int.Parse(
                    (await site.ShellAsync("live", "cat /volume/count; echo second > /volume/other", "/volume")).Expect(0).Output.Trim(),
                    null) > 0);
            (await site.DockerAsync("start", container)).Expect(0);
            Assert.Equal("second\n", (await site.DockerAsync("exec", container, "cat", "/volume/other")).Expect(0).Output);
            (await site.DockerAsync("rm", "-f", container)).Expect(0);
            Assert.DoesNotContain(
                site.Calls.All, call => call.Call is "Create" or "Mount" or "Unmount" && (call.Status != 200 || call.Error.Length > 0));
        });
    }

    [SkippableFact]
    public async Task After_the_engine_was_killed_nothing_of_what_it_used_is_left_once_its_container_is_gone()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName);
        await TestImages.EnsureBusyboxAsync(daemon.Address);
        await using var site = await Site.StartAsync(daemon.Address);
        var container = await RunWriterAsync(site);
        await daemon.KillAndStartAsync();
        await Wait.UntilAsync("the engine has ended the container", async () => !await IsRunningAsync(site, container));
        (await site.DockerAsync("start", container)).Expect(0);
        Assert.Single(site.Mounts());

        (await site.DockerAsync("rm", "-f", container)).Expect(0);
        (await site.DockerAsync("volume", "rm", "live")).Expect(0);
        Assert.Empty(site.Mounts());
    }

    [SkippableFact]
    public async Task With_live_restore_the_plugin_host_knows_a_container_whose_engine_was_killed_before_the_next_one_says_a_word()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName, "--live-restore");
        await TestImages.EnsureBusyboxAsync(daemon.Address);
        await using var site = await Site.StartAsync(daemon.Address);
        var container = await RunWriterAsync(site);
        var id = (await site.DockerAsync("inspect", "-f", "{{.Id}}", container)).Expect(0).Output[..12];
        await daemon.KillAndStartAsync();

        await using var calls = await CallRecorder.StartAsync(
            Path.Combine(site.Folder, "ask.sock"), $"/run/docker/plugins/{site.Driver}.sock");
        Assert.Contains($"container {id}", (await calls.AskAsync("Remove", """{"Name":"live"}""")).Error, StringComparison.Ordinal);
        Assert.Single(site.Mounts());
        (await site.DockerAsync("rm", "-f", container)).Expect(0);
        (await site.DockerAsync("volume", "rm", "live")).Expect(0);
    }

    [SkippableFact]
    public async Task With_live_restore_a_container_writes_on_while_the_engine_is_killed_and_started()
    {
        await WithEngineAsync(["--live-restore"], async (daemon, site) =>
        {
            var container = await RunWriterAsync(site);
            await daemon.KillAndStartAsync();
            Assert.True(await IsRunningAsync(site, container));
            var count = await CountAsync(site, container);
            await Wait.UntilAsync("the container writes on", async () => await CountAsync(site, container) > count);
            Assert.Single(site.Mounts());

            // The end of another use must not take the volume away from the container that has survived.
            (await site.ShellAsync("live", "echo second > /volume/other", "/volume")).Expect(0);
            Assert.Single(site.Mounts());
            Assert.Equal("second\n", (await site.DockerAsync("exec", container, "cat", "/volume/other")).Expect(0).Output);
            (await site.DockerAsync("stop", container)).Expect(0);
            Assert.Equal("0", (await site.DockerAsync("inspect", "-f", "{{.State.ExitCode}}", container)).Expect(0).Output.Trim());
            (await site.DockerAsync("rm", container)).Expect(0);
            Assert.Equal("second\n", (await site.ShellAsync("live", "cat /volume/other", "/volume")).Expect(0).Output);
        });
    }

    private static async Task<string> RunWriterAsync(Site site, params string[] options)
    {
        var container = site.Driver + "-writer";
        (await site.DockerAsync(
            ["run", "-d", "--name", container, "--network", "none", .. options, "--volume-driver", site.Driver, "-v", "live:/volume", TestImages.Busybox, "sh", "-c", Writer])).Expect(0);
        await Wait.UntilAsync("the container has written", async () => await CountAsync(site, container) > 0);
        return container;
    }

    // The file is empty for a moment whenever it is written.
    private static async Task<int> CountAsync(Site site, string container) =>
        int.TryParse(
            (await site.DockerAsync("exec", container, "cat", "/volume/count")).Output, CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;

    private static async Task<bool> IsRunningAsync(Site site, string container) =>
        (await site.DockerAsync("inspect", "-f", "{{.State.Running}}", container)).Expect(0).Output.Trim() == "true";

    private async Task WithEngineAsync(string[] options, Func<DockerDaemon, Site, Task> test)
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName, options);
        await TestImages.EnsureBusyboxAsync(daemon.Address);
        await using var site = await Site.StartRecordedAsync(daemon.Address);
        try
        {
            await test(daemon, site);
        }
        finally
        {
            foreach (var call in site.Calls.All.Where(call => call.Call is "Activate" or "Create" or "Mount" or "Unmount" or "Remove"))
            {
                output.WriteLine(call.ToString());
            }

            // An engine that was killed does not tell which uses have ended with it.
            await site.RemoveContainersAsync();
            await site.Calls.EndOwedUsesAsync();
        }
    }
}
