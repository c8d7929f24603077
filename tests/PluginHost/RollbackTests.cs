using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Mounts;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

public sealed class RollbackTests
{
    [SkippableFact]
    public async Task A_volume_that_another_host_holds_is_refused_by_its_name()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        plugin.Cluster.HoldBy("data", "elsewhere");

        Assert.Contains("elsewhere", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        Assert.Empty(MountTable.Load(plugin.State).All);
        Assert.Equal("elsewhere", plugin.Cluster.Volume("data")!.Attachment!.Host);
    }

    [SkippableFact]
    public async Task An_image_that_another_device_has_is_refused()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        using (var image = File.OpenHandle(plugin.Cluster.ImageOf("data"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        using (LoopDevice.Create(image, out var number))
        {
            Assert.Contains(LoopDevice.PathOf(number), await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        }

        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        _ = await plugin.MountAsync("data", "one");
        _ = await plugin.UnmountAsync("data", "one");
    }

    [SkippableFact]
    public async Task An_image_that_a_device_of_a_mount_namespace_that_is_gone_has_is_refused()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var image = plugin.Cluster.ImageOf("data");
        const string Script = "mount --bind \"$1\" \"$1\" && losetup --find --show \"$2\"";
        var (status, device) = ChildProcess.Run("unshare", "--mount", "sh", "-c", Script, "sh", Path.GetDirectoryName(image)!, image);
        Assert.True(status == 0, device);
        try
        {
            Assert.DoesNotContain(
                image,
                LoopDevice.ImageOf(uint.Parse(device["/dev/loop".Length..], CultureInfo.InvariantCulture)),
                StringComparison.Ordinal);
            Assert.Contains(device, await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        }
        finally
        {
            _ = ChildProcess.Run("losetup", "--detach", device);
        }
    }

    [SkippableFact]
    public async Task A_damaged_file_system_fails_with_a_reason_and_leaves_nothing()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        using (var image = File.OpenHandle(plugin.Cluster.ImageOf("data"), FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(image, "XFSB"u8, 0);
        }

        Assert.Contains(
            "xfs file system of volume 'data' could not be mounted", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        Assert.Empty(MountTable.Load(plugin.State).All);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task A_busy_volume_is_not_unmounted_lazily_and_is_released_when_it_is_free()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        await using (var file = File.Create(Path.Combine(path, "file")))
        {
            var unmount = plugin.UnmountAsync("data", "one");
            Assert.NotSame(unmount, await Task.WhenAny(unmount, Task.Delay(TimeSpan.FromMilliseconds(300))));
            Assert.True(plugin.IsMounted("data"));
            file.Close();
            Assert.Equal(string.Empty, await unmount);
        }

        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_mount_that_somebody_took_away_is_made_again()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        Assert.Equal(0, LibC.Unmount(path, 0));

        Assert.Equal(path, await plugin.MountAsync("data", "two"));
        Assert.True(plugin.IsMounted("data"));
        _ = await plugin.UnmountAsync("data", "one");
        Assert.True(plugin.IsMounted("data"));
        _ = await plugin.UnmountAsync("data", "two");
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_lease_that_a_crash_left_does_not_keep_a_volume_from_being_removed()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var host = Common.HostIdentity.Read("tests");
        _ = await plugin.Cluster.AttachAsync(
            new AttachmentRequest { Volume = "data", Host = host.Name, BootId = host.BootId, MachineId = host.BootId }, default);

        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
        Assert.Null(plugin.Cluster.Volume("data"));
    }
}
