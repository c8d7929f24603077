using System.Diagnostics;
using System.Net.Sockets;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.PluginHost.Tests;

public sealed class SystemdTests
{
    private const string Terminate = "TERM";
    private const string Kill = "KILL";

    [SkippableFact]
    public async Task The_units_pass_systemds_own_check()
    {
        Skip.IfNot(UnitFiles.IsInstalled("systemd-analyze"), "systemd-analyze is not installed.");
        var folder = Directory.CreateTempSubdirectory("hv-plugin-units-");
        try
        {
            Assert.Equal(
                (0, string.Empty),
                await UnitFiles.VerifyAsync(folder.FullName, "hv-plugin", "hedvig-plugin.service", "hedvig-plugin.socket"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [SkippableFact]
    public async Task The_request_that_activates_the_host_is_answered_and_the_socket_stays()
    {
        Skip.IfNot(UnitFiles.IsInstalled("systemd-socket-activate"), "systemd-socket-activate is not installed.");
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        using var process = Start(
            "systemd-socket-activate", ["-E", "DOTNET_ROOT", "-l", plugin.Socket, "dotnet", .. await HostCommandAsync(plugin, front)]);
        var heard = await process.StandardError.ReadLineAsync();
        Assert.Contains("Listening on", heard, StringComparison.Ordinal);

        Assert.Equal("VolumeDriver", (await plugin.CallAsync("Plugin.Activate", string.Empty)).GetProperty("Implements")[0].GetString());
        Assert.Equal(0, await StopAsync(process, Terminate));
        Assert.True(File.Exists(plugin.Socket));
    }

    [SkippableFact]
    public async Task A_socket_of_its_own_is_gone_after_a_stop()
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        using var process = Start("dotnet", [.. await HostCommandAsync(plugin, front), "--socket", plugin.Socket]);
        await WaitForStartAsync(process);

        Assert.True(File.Exists(plugin.Socket));
        Assert.Equal(0, await StopAsync(process, Terminate));
        Assert.False(File.Exists(plugin.Socket));
    }

    [SkippableTheory]
    [InlineData(Terminate)]
    [InlineData(Kill)]
    public async Task A_request_during_a_restart_is_answered_by_the_next_process(string signal)
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        var command = await HostCommandAsync(plugin, front);
        using var listener = new PassedListener(plugin.Socket);
        using (var first = Start("/bin/bash", listener.Wrap("$$", "1", ["dotnet", .. command])))
        {
            await WaitForStartAsync(first);
            _ = await plugin.CallAsync("Plugin.Activate", string.Empty);
            _ = await StopAsync(first, signal);
        }

        using var waiting = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await waiting.ConnectAsync(new UnixDomainSocketEndPoint(plugin.Socket));
        _ = await waiting.SendAsync(
            Encoding.ASCII.GetBytes("POST /Plugin.Activate HTTP/1.1\r\nHost: plugin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var second = Start("/bin/bash", listener.Wrap("$$", "1", ["dotnet", .. command]));
        using var reader = new StreamReader(new NetworkStream(waiting));
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("VolumeDriver", answer, StringComparison.Ordinal);
        Assert.Equal(0, await StopAsync(second, Terminate));
        Assert.True(File.Exists(plugin.Socket));
    }

    [SkippableTheory]
    [InlineData("$$", "2", "LISTEN_FDS is 2: hv-plugin takes one socket.")]
    [InlineData("$$", "0", "LISTEN_FDS is '0', not a number above 0.")]
    [InlineData("$$", "many", "LISTEN_FDS is 'many', not a number above 0.")]
    [InlineData("-1", "1", "LISTEN_PID is '-1', not a number above 0.")]
    public async Task Wrong_words_about_sockets_are_one_clear_error(string process, string count, string message)
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        var command = await HostCommandAsync(plugin, front);
        using var listener = new PassedListener(plugin.Socket);
        Assert.Contains(message, await FailureAsync(listener.Wrap(process, count, ["dotnet", .. command])), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("3</dev/null", "which is no")]
    [InlineData("3<&-", "which is no")]
    public async Task A_descriptor_that_is_not_a_socket_is_one_clear_error(string redirection, string message)
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        string[] command = ["-c", PassedListener.Script("$$", "1", redirection), "dotnet", .. await HostCommandAsync(plugin, front)];
        Assert.Contains(message, await FailureAsync(command), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_socket_other_than_the_named_one_is_one_clear_error()
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        var command = await HostCommandAsync(plugin, front);
        using var listener = new PassedListener(plugin.Socket);
        var error = await FailureAsync(listener.Wrap("$$", "1", ["dotnet", .. command, "--socket", "/run/other.sock"]));
        Assert.Contains($"handed over the socket '{plugin.Socket}', and --socket is '/run/other.sock'", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_was_handed_to_another_process_is_ignored()
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        using var process = Start(
            "/bin/bash",
            ["-c", PassedListener.Script(
                "1", "1", "3</dev/null"), "dotnet", .. await HostCommandAsync(plugin, front), "--socket", plugin.Socket]);
        await WaitForStartAsync(process);
        Assert.Equal("VolumeDriver", (await plugin.CallAsync("Plugin.Activate", string.Empty)).GetProperty("Implements")[0].GetString());
        Assert.Equal(0, await StopAsync(process, Terminate));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Systemd_hears_that_it_is_ready_alive_and_stopping(bool isAbstract)
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var front = new ClusterFront(plugin.Cluster);
        using var manager = new ServiceManager(isAbstract ? "@hv-" + Guid.NewGuid().ToString("N") : Path.Combine(plugin.Root, "notify"));
        using var process = Start(
            "dotnet",
            [.. await HostCommandAsync(plugin, front), "--socket", plugin.Socket],
            ("NOTIFY_SOCKET", manager.Name),
            ("WATCHDOG_USEC", "2000000"));

        Assert.Equal($"READY=1\nSTATUS=Serves the Docker driver 'hv' on {plugin.Socket}.", await manager.ReceiveAsync("READY=1"));
        _ = await manager.ReceiveAsync("WATCHDOG=1");
        _ = await manager.ReceiveAsync("WATCHDOG=1");
        Assert.Equal(0, await StopAsync(process, Terminate));
        _ = await manager.ReceiveAsync("STOPPING=1");
    }

    [SkippableFact]
    public async Task The_units_capabilities_are_enough_to_mount()
    {
        Skip.IfNot(UnitFiles.IsInstalled("setpriv"), "setpriv is not installed.");
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", "\"size\":\"64MB\",\"mode\":\"2770\",\"uid\":\"1000\",\"gid\":\"1000\"");
        using var front = new ClusterFront(plugin.Cluster);
        var line = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "hedvig-plugin.service")))
            .Single(text => text.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal));
        var capabilities = string.Concat(
            line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(' ')
                .Select(name => ",+" + name["CAP_".Length..].ToLowerInvariant()));
        using var process = Start(
            "setpriv",
            ["--no-new-privs", "--inh-caps", "-all", "--bounding-set", "-all" + capabilities, "dotnet", .. await HostCommandAsync(
                plugin, front), "--socket", plugin.Socket]);
        await WaitForStartAsync(process);

        var path = await plugin.MountAsync("data", "one");
        Assert.True(plugin.IsMounted("data"));
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.Equal(0, await StopAsync(process, Terminate));
    }

    private static async Task<string[]> HostCommandAsync(PluginFixture plugin, ClusterFront front)
    {
        // The program takes over from the host in the test's own process.
        await plugin.StopHostAsync();
        var credential = Path.Combine(plugin.Root, "credential.json");
        await File.WriteAllTextAsync(credential, """{"userName":"HedvigAdmin","password":"secret"}""");
        return
        [
            Path.Combine(AppContext.BaseDirectory, "hv-plugin.dll"), "--cluster", front.Address, "--credential-file", credential,
            "--state", plugin.State, "--mount-root", plugin.MountRoot, "--host", "tests",
        ];
    }

    private static Process Start(
        string program, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task WaitForStartAsync(Process process)
    {
        var line = await process.StandardError.ReadLineAsync();
        Assert.True(line?.Contains("serves", StringComparison.Ordinal) == true, line);
    }

    private static async Task<string> FailureAsync(IEnumerable<string> command)
    {
        using var process = Start("/bin/bash", command);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(64, process.ExitCode);
        return Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static async Task<int> StopAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
