using System.Net.Http;
using HedvigStorage.PluginHost.Mounts;
using Microsoft.Extensions.Time.Testing;

namespace HedvigStorage.PluginHost.Tests;

[Collection(NamespaceCollection.Name)]
public sealed class OutageTests
{
    [SkippableFact]
    public async Task Known_volumes_are_answered_from_the_cache_even_after_a_start_in_the_outage()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        plugin.Cluster.Down = true;
        await plugin.StopHostAsync();
        await plugin.StartHostAsync();

        Assert.Equal(
            "data",
            (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetProperty("Volume").GetProperty("Name").GetString());
        var list = (await plugin.CallAsync("VolumeDriver.List", "{}")).GetProperty("Volumes").EnumerateArray()
            .Select(volume => volume.GetProperty("Name").GetString());
        Assert.Equal("data", Assert.Single(list));
    }

    [SkippableFact]
    public async Task An_unknown_volume_is_never_said_to_be_missing_in_an_outage()
    {
        await using var plugin = await PluginFixture.StartAsync();
        Assert.StartsWith("no such volume", await plugin.ErrorOfAsync("VolumeDriver.Get", """{"Name":"data"}"""), StringComparison.Ordinal);

        plugin.Cluster.Down = true;
        _ = await Assert.ThrowsAsync<HttpRequestException>(() => plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}"""));
    }

    [SkippableFact]
    public async Task A_volume_that_was_removed_in_the_cluster_at_once_after_it_was_made_is_missing()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        plugin.Cluster.LoseVolume("data");
        Assert.StartsWith("no such volume", await plugin.ErrorOfAsync("VolumeDriver.Get", """{"Name":"data"}"""), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_mount_says_why_it_cannot_be_done_and_leaves_no_lease_behind()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        plugin.Cluster.Down = true;

        Assert.Contains("could not be reached", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        plugin.Cluster.Down = false;
        _ = await plugin.MountAsync("data", "one");
        _ = await plugin.UnmountAsync("data", "one");
        Assert.Empty(MountTable.Load(plugin.State).All);
    }

    [SkippableFact]
    public async Task An_unmount_succeeds_and_the_lease_is_given_back_later()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "one");
        plugin.Cluster.Down = true;

        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.False(plugin.IsMounted("data"));
        Assert.NotNull(plugin.Cluster.Volume("data")!.Attachment);

        plugin.Cluster.Down = false;
        await plugin.StopHostAsync();
        await plugin.StartHostAsync();
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (plugin.Cluster.Volume("data")!.Attachment is not null)
        {
            Assert.True(DateTime.UtcNow < deadline, "the lease was not given back");
            await Task.Delay(20);
        }
    }

    [SkippableFact]
    public async Task In_an_outage_of_an_hour_what_is_attached_is_used_on_and_afterwards_all_is_as_before()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var plugin = await PluginFixture.StartAsync(time);
        _ = await plugin.CreateAsync("data");
        _ = await plugin.CreateAsync("other");
        var path = await plugin.MountAsync("data", "before");
        await using (await ForeignNamespace.StartAsync(path, Path.Combine(plugin.Root, "container")))
        {
            plugin.Cluster.Down = true;
            for (var minute = 0; minute < 60; minute++)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
            }

            Assert.Equal(path, await plugin.MountAsync("data", "during"));
            Assert.Equal(path, (await plugin.CallAsync("VolumeDriver.Path", """{"Name":"data"}""")).GetProperty("Mountpoint").GetString());
            Assert.Equal(
                path,
                (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetProperty("Volume").GetProperty("Mountpoint")
                    .GetString());
            Assert.Equal(2, (await plugin.CallAsync("VolumeDriver.List", "{}")).GetProperty("Volumes").GetArrayLength());
            Assert.Contains("could not be reached", await plugin.MountErrorAsync("other", "during"), StringComparison.Ordinal);
            Assert.Contains("could not be reached", await plugin.CreateAsync("new"), StringComparison.Ordinal);
            Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "before"));
            Assert.True(plugin.IsMounted("data"));
        }

        plugin.Cluster.Down = false;
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "during"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        _ = await plugin.MountAsync("other", "after");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("other", "after"));
    }

    [SkippableFact]
    public async Task A_lost_lease_is_shown()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "one");
        plugin.Cluster.HoldBy("data", "elsewhere");
        await plugin.StopHostAsync();
        await plugin.StartHostAsync();

        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!plugin.Log.Any(
            line => line.StartsWith("<2>", StringComparison.Ordinal) && line.Contains("is lost", StringComparison.Ordinal)))
        {
            Assert.True(DateTime.UtcNow < deadline, "nothing was logged");
            await Task.Delay(20);
        }

        var status = await plugin.CallAsync("HedvigStorage.Status", string.Empty);
        Assert.True(status.GetProperty("volumes")[0].GetProperty("leaseLost").GetBoolean());
        var volume = (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetProperty("Volume");
        Assert.Contains("is lost", volume.GetProperty("Status").GetProperty("lastError").GetString(), StringComparison.Ordinal);
        _ = await plugin.UnmountAsync("data", "one");
    }
}
