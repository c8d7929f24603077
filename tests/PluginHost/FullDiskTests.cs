using System.Diagnostics;
using HedvigStorage.PluginHost.Mounts;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>The disk of the plugin host's state is full: nothing is answered that is not on disk, and nothing is lost.</summary>
public sealed class FullDiskTests
{
    [SkippableFact]
    public async Task Mounts_fail_with_the_reason_until_there_is_room_and_uses_end_all_the_same()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("held");
        _ = await plugin.CreateAsync("new");
        await plugin.StopHostAsync();
        Assert.Equal(0, await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", plugin.State));
        try
        {
            await plugin.StartHostAsync();
            _ = await plugin.MountAsync("held", "one");
            var filler = Path.Combine(plugin.State, "filler");
            Fill(filler);

            // There is some room yet in the last page of the records.
            var error = string.Empty;
            for (var attempt = 0; attempt < 100 && error.Length == 0; attempt++)
            {
                error = await plugin.MountErrorAsync("new", "two");
                _ = error.Length == 0 ? await plugin.UnmountAsync("new", "two") : string.Empty;
            }

            Assert.Contains("No space left on device", error, StringComparison.Ordinal);
            Assert.False(plugin.IsMounted("new"));
            Assert.Null(plugin.Cluster.Volume("new")!.Attachment);
            Assert.Equal(string.Empty, await plugin.UnmountAsync("held", "one"));
            Assert.False(plugin.IsMounted("held"));

            File.Delete(filler);
            _ = await plugin.MountAsync("new", "two");
            await plugin.StopHostAsync();
            await plugin.StartHostAsync();
            Assert.Equal(string.Empty, await plugin.UnmountAsync("new", "two"));
            await plugin.StopHostAsync();
            using (var table = MountTable.Load(plugin.State))
            {
                Assert.Empty(table.All);
            }
        }
        finally
        {
            Assert.Equal(0, await RunAsync("umount", "--lazy", plugin.State));
        }
    }

    [SkippableFact]
    public async Task Known_volumes_are_answered_from_memory_and_uses_end_while_the_disk_is_full()
    {
        await using var plugin = await PluginFixture.StartAsync();
        await plugin.StopHostAsync();
        Assert.Equal(0, await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", plugin.State));
        try
        {
            await plugin.StartHostAsync();
            _ = await plugin.CreateAsync("held");
            var path = await plugin.MountAsync("held", "one");
            _ = await plugin.MountAsync("held", "two");
            var filler = Path.Combine(plugin.State, "filler");
            Fill(filler);

            // Each of these changes what is kept of the volumes, so that the file soon has no room left.
            for (var change = 1; change <= 100; change++)
            {
                _ = await plugin.Cluster.CreateSnapshotAsync(
                    "held", $"s{change}", labels: new Dictionary<string, string>(StringComparer.Ordinal), default);
                Assert.Equal(path, await MountpointAsync(plugin));
            }

            Assert.Contains(plugin.Log, line => line.Contains("answered from memory", StringComparison.Ordinal));
            Assert.Equal(1, (await plugin.CallAsync("VolumeDriver.List", "{}")).GetProperty("Volumes").GetArrayLength());
            Assert.Equal(string.Empty, await plugin.CreateAsync("new"));
            Assert.Equal(string.Empty, await plugin.RemoveAsync("new"));
            Assert.Equal(string.Empty, await plugin.UnmountAsync("held", "one"));
            Assert.Equal(1, await CountUsesAsync(plugin));

            // A start finds what was there before the disk was full, and answers.
            await plugin.StopHostAsync();
            await plugin.StartHostAsync();
            plugin.Cluster.Down = true;
            Assert.Equal(path, await MountpointAsync(plugin));
            plugin.Cluster.Down = false;
            _ = await plugin.UnmountAsync("held", "one");
            Assert.Equal(string.Empty, await plugin.UnmountAsync("held", "two"));
            Assert.False(plugin.IsMounted("held"));

            File.Delete(filler);
            Assert.Equal(string.Empty, await plugin.CreateAsync("later"));
            await plugin.StopHostAsync();
            await plugin.StartHostAsync();
            plugin.Cluster.Down = true;
            Assert.Equal(2, (await plugin.CallAsync("VolumeDriver.List", "{}")).GetProperty("Volumes").GetArrayLength());
        }
        finally
        {
            await plugin.StopHostAsync();
            Assert.Equal(0, await RunAsync("umount", "--lazy", plugin.State));
        }
    }

    private static async Task<string> MountpointAsync(PluginFixture plugin) =>
        (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"held"}""")).GetProperty("Volume").GetProperty("Mountpoint").GetString()!;

    private static async Task<int> CountUsesAsync(PluginFixture plugin) =>
        (await plugin.CallAsync("HedvigStorage.Status", string.Empty)).GetProperty("volumes")[0].GetProperty("mounts").GetInt32();

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // It is full now.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
