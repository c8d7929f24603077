using System.Diagnostics;

namespace HedvigStorage.PluginHost.Tests;

public sealed class ProcessTests
{
    [SkippableFact]
    public async Task A_killed_plugin_host_goes_on_where_it_was()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await plugin.StopHostAsync();
        using var front = new ClusterFront(plugin.Cluster);
        var credential = Path.Combine(plugin.Root, "credential.json");
        await File.WriteAllTextAsync(credential, """{"userName":"HedvigAdmin","password":"secret"}""");
        string[] arguments =
        [
            "--cluster",
            front.Address,
            "--credential-file",
            credential,
            "--socket",
            plugin.Socket,
            "--state",
            plugin.State,
            "--mount-root",
            plugin.MountRoot,
            "--host",
            "tests",
        ];

        string path;
        using (var first = await StartAsync(plugin, arguments))
        {
            path = await plugin.MountAsync("data", "one");
            await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
            first.Kill();
            await first.WaitForExitAsync();
        }

        Assert.True(File.Exists(plugin.Socket));
        Assert.True(plugin.IsMounted("data"));
        plugin.Reconnect();
        using var second = await StartAsync(plugin, arguments);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.False(plugin.IsMounted("data"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);

        Assert.Equal(path, await plugin.MountAsync("data", "two"));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "two"));
        second.Kill();
        await second.WaitForExitAsync();
    }

    [SkippableTheory]
    [InlineData(64, "--cluster is missing")]
    [InlineData(64, "'ftp://x' is not the address of a cluster", "--cluster", "ftp://x", "--credential-file", "/nothing")]
    [InlineData(64, "--colour", "--colour", "blue")]
    [InlineData(1, "'/nothing' does not exist", "--cluster", "http://127.0.0.1:1", "--credential-file", "/nothing")]
    public async Task Wrong_usage_gets_one_line_and_its_status(int status, string message, params string[] arguments)
    {
        Skip.IfNot(PluginFixture.IsRoot, "hv-plugin needs root.");
        using var process = Start(arguments);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(status, process.ExitCode);
        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<Process> StartAsync(PluginFixture plugin, string[] arguments)
    {
        var process = Start(arguments);
        var line = await process.StandardError.ReadLineAsync();
        Assert.True(line?.Contains("serves", StringComparison.Ordinal) == true, line);
        Assert.Equal("VolumeDriver", (await plugin.CallAsync("Plugin.Activate", string.Empty)).GetProperty("Implements")[0].GetString());
        return process;
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "hv-plugin.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("HV_CLUSTER");
        start.Environment.Remove("HV_CREDENTIAL_FILE");
        return Process.Start(start)!;
    }
}
