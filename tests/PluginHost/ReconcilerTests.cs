using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Mounts;
using Microsoft.Extensions.Time.Testing;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// What differs between the records, the mounts, their users and the leases is put right, with real mounts in real namespaces.
/// </summary>
[Collection(NamespaceCollection.Name)]
public sealed class ReconcilerTests
{
    [SkippableFact]
    public async Task What_only_a_killed_engine_used_is_released_after_a_start()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await MountByKilledEngineAsync(plugin, "data");

        await RestartAsync(plugin);

        await EventuallyAsync(() => plugin.Cluster.Volume("data")!.Attachment is null, "it is released");
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_volume_that_only_a_killed_engine_used_is_removed_at_once()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await MountByKilledEngineAsync(plugin, "data");

        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_volume_is_unmounted_with_the_last_use_though_a_killed_engine_never_ended_its_own()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await MountByKilledEngineAsync(plugin, "data");
        _ = await plugin.MountAsync("data", "container");

        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_container_that_outlives_its_engine_keeps_its_volume_and_the_refusal_names_it()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await MountByKilledEngineAsync(plugin, "data");
        await using (var container = await ForeignNamespace.StartAsync(path, Path.Combine(plugin.Root, "container")))
        {
            await RestartAsync(plugin);
            Assert.Contains($"process {container.ProcessId}", await plugin.RemoveAsync("data"), StringComparison.Ordinal);
            Assert.True(plugin.IsMounted("data"));
        }

        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
    }

    [SkippableFact]
    public async Task A_use_that_the_engine_ends_while_a_container_has_the_volume_does_not_take_it_away()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        await using (await ForeignNamespace.StartAsync(path, Path.Combine(plugin.Root, "container")))
        {
            Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));

            Assert.True(plugin.IsMounted("data"));
            Assert.NotNull(plugin.Cluster.Volume("data")!.Attachment);
            await RestartAsync(plugin);
            Assert.True(plugin.IsMounted("data"));
        }

        await RestartAsync(plugin);
        await EventuallyAsync(() => plugin.Cluster.Volume("data")!.Attachment is null, "it is released");
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_use_that_nobody_has_made_use_of_for_ten_minutes_ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var plugin = await PluginFixture.StartAsync(time);
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "forgotten");

        var noticed = plugin.Cluster.Count("Renew");
        await EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return plugin.Cluster.Count("Renew") >= noticed + 5 || time.GetUtcNow() > DateTimeOffset.UnixEpoch.AddMinutes(9);
            },
            "the volumes are compared a few times");
        Assert.True(plugin.IsMounted("data"));
        await EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return plugin.Cluster.Volume("data")!.Attachment is null;
            },
            "it is released");
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_volume_that_was_given_more_space_has_it_while_it_is_mounted()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var plugin = await PluginFixture.StartAsync(time);
        _ = await plugin.CreateAsync("data", "\"size\":\"512MB\",\"fs\":\"xfs\"");
        var path = await plugin.MountAsync("data", "container");
        await using (var file = new FileStream(Path.Combine(path, "file"), FileMode.Create, FileAccess.Write))
        {
            _ = await plugin.Cluster.ResizeVolumeAsync("data", new ByteSize(1 << 30), default);
            await EventuallyAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return new DriveInfo(path).TotalSize > 900 << 20;
                },
                "the file system has grown");
            file.WriteByte(1);
        }

        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
    }

    [SkippableFact]
    public async Task A_volume_in_use_that_somebody_has_unmounted_is_mounted_again()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(0, LibC.Unmount(path, 0));

        await RestartAsync(plugin);

        await EventuallyAsync(() => plugin.IsMounted("data"), "it is mounted again");
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_volume_whose_lease_has_gone_to_another_host_is_written_no_more()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        await using (var file = new FileStream(
            Path.Combine(path, "file"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.WriteByte(1);
            plugin.Cluster.HoldBy("data", "elsewhere");
            await RestartAsync(plugin);

            await EventuallyAsync(() => MountTable.Load(plugin.State).Find("data")?.Phase == MountPhase.Stale, "it is known to be stale");
            Assert.Contains("Input/output error", Assert.Throws<IOException>(() => file.WriteByte(2)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("elsewhere", await plugin.MountErrorAsync("data", "another"), StringComparison.Ordinal);
        Assert.False(plugin.IsMounted("data"));
        Assert.Equal("elsewhere", plugin.Cluster.Volume("data")!.Attachment!.Host);
    }

    [SkippableFact]
    public async Task A_container_with_a_volume_whose_lease_has_gone_keeps_new_uses_out()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        await using (var container = await ForeignNamespace.StartAsync(path, Path.Combine(plugin.Root, "container")))
        {
            plugin.Cluster.HoldBy("data", "elsewhere");
            await RestartAsync(plugin);
            await EventuallyAsync(() => MountTable.Load(plugin.State).Find("data")?.Phase == MountPhase.Stale, "it is known to be stale");

            Assert.Contains($"process {container.ProcessId}", await plugin.MountErrorAsync("data", "another"), StringComparison.Ordinal);
        }

        plugin.Cluster.LoseLease("data");
        Assert.Equal(path, await plugin.MountAsync("data", "another"));
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "another"));
    }

    [SkippableFact]
    public async Task A_lease_that_the_cluster_has_lost_is_taken_again_if_nobody_had_it_meanwhile()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        plugin.Cluster.LoseLease("data");

        await RestartAsync(plugin);

        await EventuallyAsync(() => plugin.Cluster.Volume("data")!.Attachment is { Generation: 2 }, "the lease is taken again");
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
    }

    [SkippableFact]
    public async Task Writing_stops_if_somebody_had_the_lost_lease_meanwhile()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        plugin.Cluster.HoldBy("data", "elsewhere");
        plugin.Cluster.LoseLease("data");

        await RestartAsync(plugin);

        await EventuallyAsync(() => MountTable.Load(plugin.State).Find("data")?.Phase == MountPhase.Stale, "it is known to be stale");
        _ = Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(path, "file"), "content"));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
    }

    [SkippableFact]
    public async Task A_volume_that_was_deleted_behind_its_mount_is_reported_and_leaves_nothing_once_its_use_ends()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        plugin.Cluster.LoseVolume("data");

        await RestartAsync(plugin);

        await EventuallyAsync(
            () => plugin.Log.Any(line => line.Contains("no longer has the volume", StringComparison.Ordinal)), "it is reported");
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "container"));
        Assert.False(plugin.IsMounted("data"));
        Assert.Empty(MountTable.Load(plugin.State).All);
        Assert.StartsWith("no such volume", await plugin.ErrorOfAsync("VolumeDriver.Get", """{"Name":"data"}"""), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_mount_whose_record_is_lost_is_kept_for_its_container_and_then_released()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "container");
        await using (await ForeignNamespace.StartAsync(path, Path.Combine(plugin.Root, "container")))
        {
            await plugin.StopHostAsync();
            Directory.Delete(plugin.State, recursive: true);
            await plugin.StartHostAsync();
            await EventuallyAsync(() => MountTable.Load(plugin.State).Find("data") is not null, "a record is made");
            Assert.True(plugin.IsMounted("data"));
        }

        await RestartAsync(plugin);
        await EventuallyAsync(() => plugin.Cluster.Volume("data")!.Attachment is null, "it is released");
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task A_lease_and_a_mount_that_nobody_knows_of_are_given_back()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "container");
        await plugin.StopHostAsync();
        Directory.Delete(plugin.State, recursive: true);

        await plugin.StartHostAsync();

        await EventuallyAsync(() => plugin.Cluster.Volume("data")!.Attachment is null, "the lease is given back");
        Assert.False(plugin.IsMounted("data"));
    }

    private static async Task<string> MountByKilledEngineAsync(PluginFixture plugin, string volume)
    {
        await using (var engine = await EngineCall.StartAsync(
            plugin.Socket, "VolumeDriver.Mount", $$"""{"Name":"{{volume}}","ID":"killed"}"""))
        {
            Assert.Contains("\"Err\":\"\"", engine.Answer, StringComparison.Ordinal);
        }

        Assert.True(plugin.IsMounted(volume));
        return Path.Combine(plugin.MountRoot, volume);
    }

    [SkippableFact]
    public async Task A_host_that_is_given_another_name_keeps_its_own_while_it_holds_a_volume_so_that_nobody_is_cut_off()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "first");
        await plugin.StopHostAsync();

        await plugin.StartHostAsync("renamed");
        Assert.Equal(path, await plugin.MountAsync("data", "second"));
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "written");
        Assert.Equal("tests", plugin.Cluster.Volume("data")!.Attachment!.Host);
        Assert.Contains(
            plugin.Log, line => line.Contains("'tests'", StringComparison.Ordinal) && line.Contains("'renamed'", StringComparison.Ordinal));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "first"));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "second"));
        await plugin.StopHostAsync();

        await plugin.StartHostAsync("renamed");
        _ = await plugin.MountAsync("data", "third");
        Assert.Equal("renamed", plugin.Cluster.Volume("data")!.Attachment!.Host);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "third"));
    }

    private static async Task RestartAsync(PluginFixture plugin)
    {
        await plugin.StopHostAsync();
        var before = plugin.Cluster.Count("ListAttachments");
        await plugin.StartHostAsync();
        await EventuallyAsync(() => plugin.Cluster.Count("ListAttachments") > before, "the comparison has begun");
    }

    private static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !condition(); await Task.Delay(10))
        {
            Assert.True(DateTime.UtcNow < deadline, $"It did not come to pass that {what}.");
        }
    }
}
