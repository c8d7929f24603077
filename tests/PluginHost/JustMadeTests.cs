using Microsoft.Extensions.Time.Testing;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>A Docker Engine asks for a volume right after it has made it: the cluster has just told of it.</summary>
[Collection(NamespaceCollection.Name)]
public sealed class JustMadeTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    [SkippableFact]
    public async Task A_volume_is_shown_right_after_its_create_as_the_create_was_answered()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var plugin = await PluginFixture.StartAsync(time);
        _ = await plugin.CreateAsync("data");
        var looks = plugin.Cluster.Count("Find");
        var first = await GetAsync(plugin);
        Assert.Equal(looks, plugin.Cluster.Count("Find"));

        time.Advance(Moment);
        Assert.Equal(first, await GetAsync(plugin));
        Assert.Equal(looks + 1, plugin.Cluster.Count("Find"));
    }

    [SkippableFact]
    public async Task A_moment_later_the_cluster_is_asked_and_what_it_has_no_longer_is_gone()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var plugin = await PluginFixture.StartAsync(time);
        _ = await plugin.CreateAsync("data");
        plugin.Cluster.LoseVolume("data");

        time.Advance(Moment);
        Assert.StartsWith("no such volume", await plugin.ErrorOfAsync("VolumeDriver.Get", """{"Name":"data"}"""), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_was_removed_or_mounted_through_this_plugin_host_is_asked_for_at_once()
    {
        await using var plugin = await PluginFixture.StartAsync(new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        _ = await plugin.CreateAsync("gone");
        Assert.Equal(string.Empty, await plugin.RemoveAsync("gone"));
        Assert.StartsWith("no such volume", await plugin.ErrorOfAsync("VolumeDriver.Get", """{"Name":"gone"}"""), StringComparison.Ordinal);

        _ = await plugin.CreateAsync("data");
        _ = await plugin.MountAsync("data", "one");
        Assert.Contains("\"attachedHost\":\"tests\"", await GetAsync(plugin), StringComparison.Ordinal);
        _ = await plugin.UnmountAsync("data", "one");
    }

    private static async Task<string> GetAsync(PluginFixture plugin) =>
        (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetRawText();
}
