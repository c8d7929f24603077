using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// Two plugin hosts of one name on one machine: each knows its own leases, and neither touches what the other has mounted.
/// </summary>
[Collection(NamespaceCollection.Name)]
public sealed class NamesakeTests
{
    [SkippableFact]
    public async Task A_plugin_host_leaves_the_leases_of_another_one_of_its_name_alone()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        await using (var namesake = await plugin.StartNamesakeAsync())
        {
            await namesake.CompareAsync();
            Assert.Contains("attached to host 'tests'", await namesake.MountErrorAsync("data", "two"), StringComparison.Ordinal);
            Assert.NotEmpty(await namesake.RemoveAsync("data"));
            Assert.NotNull(plugin.Cluster.Volume("data")!.Attachment);
        }

        await plugin.CompareAsync();
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "still written");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
    }

    [SkippableFact]
    public async Task A_copy_of_a_state_folder_is_another_host_and_stops_nothing_of_the_first_one()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        await using (var copy = await plugin.StartNamesakeAsync(
            copy => Assert.Equal(0, ChildProcess.Run("cp", "-a", plugin.State, copy.State).Status)))
        {
            Assert.Contains(copy.Log, line => line.Contains("is a copy of the one of the host", StringComparison.Ordinal));
            await copy.CompareAsync();
            Assert.False(copy.IsMounted("data"));
            Assert.NotEmpty(await copy.MountErrorAsync("data", "two"));
        }

        await File.WriteAllTextAsync(Path.Combine(path, "file"), "still written");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task A_host_whose_state_is_lost_while_it_holds_volumes_is_itself_again()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        var id = plugin.Cluster.Volume("data")!.Attachment!.HostId;
        await plugin.StopHostAsync();
        Directory.Delete(plugin.State, recursive: true);
        await plugin.StartHostAsync();

        Assert.Equal(path, await plugin.MountAsync("data", "two"));
        Assert.Equal(id, plugin.Cluster.Volume("data")!.Attachment!.HostId);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "two"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
    }

    [SkippableFact]
    public async Task A_mount_root_is_one_plugin_hosts()
    {
        await using var plugin = await PluginFixture.StartAsync();
        var exception = await Assert.ThrowsAsync<ClusterException>(
            () => plugin.StartNamesakeAsync(namesake => namesake.MountRoot = plugin.MountRoot));
        Assert.Contains("mount root", exception.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another hv-plugin", exception.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Of_two_first_mounts_of_an_image_at_once_one_sets_up_a_loop_device()
    {
        using var image = new AttachedImage("ext4");
        for (var round = 0; round < 20; round++)
        {
            using var start = new Barrier(2);
            var errors = await Task.WhenAll(
                Enumerable.Range(0, 2)
                    .Select(
                        number =>
                            Task.Factory.StartNew(
                                () => image.TryMountAt(number, start),
                                CancellationToken.None,
                                TaskCreationOptions.LongRunning,
                                TaskScheduler.Default)));
            try
            {
                Assert.Single(errors, error => error is null);
                Assert.Equal(1, image.CountDevices());
            }
            finally
            {
                image.UnmountAll(2);
            }
        }
    }
}
