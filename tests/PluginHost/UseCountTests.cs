using HedvigStorage.PluginHost.Mounts;

namespace HedvigStorage.PluginHost.Tests;

public sealed class UseCountTests
{
    [SkippableFact]
    public async Task A_copy_with_the_containers_own_id_leaves_the_container_its_volume()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "container");
        _ = await plugin.MountAsync("data", "container");

        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
        Assert.True(plugin.IsMounted("data"));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task An_unknown_use_ends_without_a_change()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "container");

        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "another"));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("nothing", "another"));
        Assert.True(plugin.IsMounted("data"));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
    }

    [SkippableFact]
    public async Task Uses_and_mounts_outlive_the_plugin_host()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        _ = await plugin.MountAsync("data", "one");
        _ = await plugin.MountAsync("data", "two");
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");

        await plugin.StopHostAsync();
        Assert.True(plugin.IsMounted("data"));
        Assert.False(File.Exists(plugin.Socket));
        await plugin.StartHostAsync();

        Assert.Equal(path, (await plugin.CallAsync("VolumeDriver.Path", """{"Name":"data"}""")).GetProperty("Mountpoint").GetString());
        _ = await plugin.UnmountAsync("data", "one");
        _ = await plugin.UnmountAsync("data", "two");
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        _ = await plugin.UnmountAsync("data", "one");
        Assert.False(plugin.IsMounted("data"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
    }

    [SkippableFact]
    public async Task A_volume_that_another_engine_uses_is_not_removed_and_the_refusal_counts_its_uses()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await using (var other = await EngineCall.StartAsync(plugin.Socket, "VolumeDriver.Mount", """{"Name":"data","ID":"one"}"""))
        {
            _ = await plugin.MountAsync("data", "two");
            Assert.Contains(
                "another engine has 1 use of it by 1 mount ID", await plugin.RemoveAsync("data"), System.StringComparison.Ordinal);
            Assert.NotNull(plugin.Cluster.Volume("data"));
            Assert.True(plugin.IsMounted("data"));
        }

        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
    }

    [SkippableFact]
    public async Task An_engine_that_removes_a_volume_has_ended_its_own_uses_of_it()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "forgotten");

        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
        Assert.False(plugin.IsMounted("data"));
        Assert.Null(plugin.Cluster.Volume("data"));
    }

    [Fact]
    public void Uses_of_one_id_are_counted_one_by_one()
    {
        var record = new MountRecord { Volume = "data", Generation = 1, BootId = "boot", Image = "/image", Phase = MountPhase.Mounted };

        record = record.WithUse("a", "e").WithUse("b", "e").WithUse("a", "e");
        Assert.Equal(3, record.CountUses());
        Assert.Equal(2, record.WithoutUse("a", "e").Uses.Count);
        Assert.Equal("b", Assert.Single(record.WithoutUse("a", "e").WithoutUse("a", "e").Uses).Id);
        Assert.Same(record, record.WithoutUse("c", "e"));
    }

    [Fact]
    public void The_end_of_a_use_that_an_earlier_process_of_the_engine_began_is_told_by_the_present_one()
    {
        var record = new MountRecord { Volume = "data", Generation = 1, BootId = "boot", Image = "/image", Phase = MountPhase.Mounted };
        record = record.WithUse("container", "before").WithUse("container", "now");

        var copied = record.WithoutUse("container", "now");
        Assert.Equal(new UseCount("container", 1, "before"), Assert.Single(copied.Uses));
        Assert.Empty(copied.WithoutUse("container", "now").Uses);
    }
}
