using System.Diagnostics;

namespace HedvigStorage.Conformance;

/// <summary>
/// The plugin host is replaced while its socket is held by another process, as systemd does it, under a real engine at work.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class PluginUpgradeTests(EngineFixture engine)
{
    private const int Upgrades = 10;
    private const int Writers = 3;
    private const string Writer =
        "trap 'exit 0' TERM; echo still > /volume/still; i=0; while :; do i=$((i+1)); echo $i > /volume/count && sync /volume/count || "
            + "exit 1; sleep 0.02; done";

    [SkippableFact]
    public async Task No_call_and_no_write_fails_while_the_plugin_host_is_replaced_again_and_again()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        var site = await Site.StartClusterAsync(engine.DockerHost);
        var socket = $"/run/docker/plugins/{site.Driver}.sock";
        _ = Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        using var listener = new PassedListener(socket);
        var plugin = await StartPluginAsync(site, listener);
        try
        {
            await using (site)
            {
                var writers = await StartWritersAsync(site);
                await WhileAtWorkAsync(site, writers[0], async () =>
                {
                    await StopAsync(plugin);
                    plugin = await StartPluginAsync(site, listener);
                });
                foreach (var writer in writers)
                {
                    (await site.DockerAsync("stop", writer)).Expect(0);
                    Assert.Equal("0", (await site.DockerAsync("inspect", "-f", "{{.State.ExitCode}}", writer)).Expect(0).Output.Trim());
                }
            }
        }
        finally
        {
            await StopAsync(plugin);
            File.Delete(socket);
        }
    }

    private static async Task<List<string>> StartWritersAsync(Site site)
    {
        var writers = Enumerable.Range(0, Writers)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{site.Driver}-writer{number}")).ToList();
        foreach (var writer in writers)
        {
            (
                await site.DockerAsync(
                    "run",
                    "-d",
                    "--name",
                    writer,
                    "--network",
                    "none",
                    "--volume-driver",
                    site.Driver,
                    "-v",
                    writer + ":/volume",
                    TestImages.Busybox,
                    "sh",
                    "-c",
                    Writer)).Expect(0);
        }

        return writers;
    }

    // New containers, new volumes and copies out of a running container, all the while that the plugin host is replaced.
    private static async Task WhileAtWorkAsync(Site site, string writer, Func<Task> replace)
    {
        var calls = 0;
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(
            RepeatAsync(() => site.ShellAsync("short", "echo in > /volume/file && cat /volume/file", "/volume")),
            RepeatAsync(() => site.DockerAsync(
                "volume", "create", "-d", site.Driver, "-o", "size=32MB", site.Driver + Guid.NewGuid().ToString("N"))),
            // Not the file that is written: an engine's copy of a file that shrinks while it is read ends too early.
            RepeatAsync(() => site.DockerAsync("cp", writer + ":/volume/still", Path.Combine(site.Folder, "copy"))));
        for (var upgrade = 0; upgrade < Upgrades && !work.IsCompleted; upgrade++)
        {
            await replace();
            var (made, count) = (Volatile.Read(ref calls), await CountAsync(site, writer));
            await Wait.UntilAsync("calls go on", () => Task.FromResult(Volatile.Read(ref calls) >= made + 3 || work.IsCompleted));
            await Wait.UntilAsync("the container writes on", async () => await CountAsync(site, writer) > count);
        }

        await stop.CancelAsync();
        await work;

        async Task RepeatAsync(Func<Task<Ended>> call)
        {
            while (!stop.IsCancellationRequested)
            {
                (await call()).Expect(0);
                _ = Interlocked.Increment(ref calls);
            }
        }
    }

    // The file is empty for a moment whenever it is written.
    private static async Task<int> CountAsync(Site site, string container) =>
        int.TryParse(
            (await site.DockerAsync("exec", container, "cat", "/volume/count")).Expect(0).Output,
            CultureInfo.InvariantCulture,
            out var count)
            ? count
            : 0;

    private static async Task<Process> StartPluginAsync(Site site, PassedListener listener)
    {
        using var cluster = site.Cluster();
        var start = new ProcessStartInfo("/bin/bash", listener.Wrap("$$", "1", [
            Programs.Path("hv-plugin"), "--cluster", cluster.Address.OriginalString, "--credential-file", Path.Combine(
                site.ClusterData, "credential.json"),
            "--state", Path.Combine(site.Folder, "state"), "--mount-root", site.MountRoot, "--host", "conformance"]))
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        Assert.Contains("serves", await process.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        return process;
    }

    private static async Task StopAsync(Process plugin)
    {
        (await Programs.RunAsync("kill", "/", environment: null, "-TERM", plugin.Id.ToString(CultureInfo.InvariantCulture))).Expect(0);
        await plugin.WaitForExitAsync();
        Assert.Equal(0, plugin.ExitCode);
        plugin.Dispose();
    }
}
