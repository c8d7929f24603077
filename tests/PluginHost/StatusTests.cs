using System.Diagnostics;
using System.Text.Json;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>What <c>docker volume inspect</c> shows under <c>Status</c>.</summary>
public sealed class StatusTests
{
    [SkippableFact]
    public async Task Every_value_is_a_text()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", "\"size\":\"64MB\",\"policy\":\"gold\"");
        _ = await plugin.MountAsync("data", "one");
        _ = await plugin.Cluster.CreateSnapshotAsync("data", "monday", default);
        foreach (var property in (await GetStatusAsync(plugin)).EnumerateObject())
        {
            Assert.True(property.Value.ValueKind == JsonValueKind.String, property.Name);
            Assert.NotEmpty(property.Value.GetString()!);
        }

        _ = await plugin.UnmountAsync("data", "one");
    }

    [SkippableFact]
    public async Task A_volume_shows_its_file_system_and_while_it_is_attached_by_whom()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", "\"size\":\"320MB\",\"fs\":\"xfs\",\"policy\":\"gold\"");
        var status = await GetStatusAsync(plugin);
        Assert.Equal(
            ("320MB", "xfs", "gold", "0"),
            (Text(status, "size"), Text(status, "fs"), Text(status, "policy"), Text(status, "snapshotCount")));
        Assert.All(
            new[] { "attachedHost", "attachedSince", "generation", "snapshots", "step", "lastError" },
            name => Assert.Null(Text(status, name)));
        _ = await plugin.MountAsync("data", "one");
        status = await GetStatusAsync(plugin);
        Assert.Equal(("tests", "1"), (Text(status, "attachedHost"), Text(status, "generation")));
        _ = await plugin.UnmountAsync("data", "one");
        Assert.Null(Text(await GetStatusAsync(plugin), "attachedHost"));
    }

    [Fact]
    public void What_the_cluster_tells_of_use_attributes_and_lease_is_shown_in_words()
    {
        var volume = new Volume
        {
            Name = "data",
            Size = new ByteSize("2GB"),
            Allocated = new ByteSize("512MB"),
            Effective = new VolumeAttributes { ReplicationFactor = 3, Compression = true, Residence = Residence.Flash },
            Attachment = new Attachment
            {
                Volume = "data",
                Host = "web1",
                Generation = 7,
                AttachedAt = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)),
            },
        };
        var status = VolumeStatus.Describe(volume, [], "mounting /dev/loop3", "it broke");
        Assert.Equal("512 MB", status["used"]);
        Assert.Equal("3", status["replicationFactor"]);
        Assert.Equal("true", status["compression"], ignoreCase: true);
        Assert.Equal("Flash", status["residence"], ignoreCase: true);
        Assert.Equal("web1", status["attachedHost"]);
        Assert.Equal("2026-01-02T03:04:05Z", status["attachedSince"]);
        Assert.Equal("7", status["generation"]);
        Assert.Equal("mounting /dev/loop3", status["step"]);
        Assert.Equal("it broke", status["lastError"]);
        Assert.DoesNotContain("policy", status.Keys, StringComparer.Ordinal);
    }

    [SkippableTheory]
    [InlineData(1, "s01")]
    [InlineData(10, "s10, s09, s08, s07, s06, s05, s04, s03, s02, s01")]
    [InlineData(13, "s13, s12, s11, s10, s09, s08, s07, s06, s05, s04 \u2026 and 3 more")]
    public async Task Snapshots_are_named_newest_first_and_at_most_ten(int count, string shown)
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        for (var number = 1; number <= count; number++)
        {
            _ = await plugin.Cluster.CreateSnapshotAsync("data", $"s{number:00}", default);
        }

        Assert.Equal(shown, Text(await GetStatusAsync(plugin), "snapshots"));
    }

    [SkippableFact]
    public async Task Snapshots_are_asked_for_only_where_there_are_any_and_never_for_a_list()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await GetStatusAsync(plugin);
        Assert.Equal(0, plugin.Cluster.Count("ListSnapshots"));
        _ = await plugin.Cluster.CreateSnapshotAsync("data", "monday", default);
        _ = await plugin.CallAsync("VolumeDriver.List", "{}");
        Assert.Equal(0, plugin.Cluster.Count("ListSnapshots"));
        _ = await GetStatusAsync(plugin);
        Assert.Equal(1, plugin.Cluster.Count("ListSnapshots"));
    }

    [SkippableFact]
    public async Task A_volume_is_shown_soon_though_the_cluster_does_not_say_its_snapshots_or_is_gone()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        _ = await plugin.Cluster.CreateSnapshotAsync("data", "monday", default);
        var never = new TaskCompletionSource();
        plugin.Cluster.SnapshotGate = never.Task;
        var watch = Stopwatch.StartNew();
        var status = await GetStatusAsync(plugin);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(("1", null), (Text(status, "snapshotCount"), Text(status, "snapshots")));

        plugin.Cluster.Down = true;
        status = await GetStatusAsync(plugin);
        Assert.Equal(("64MB", "1", null), (Text(status, "size"), Text(status, "snapshotCount"), Text(status, "snapshots")));
        never.SetResult();
    }

    private static async Task<JsonElement> GetStatusAsync(PluginFixture plugin) =>
        (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetProperty("Volume").GetProperty("Status");

    private static string? Text(JsonElement status, string name) =>
        status.EnumerateObject().FirstOrDefault(property => property.NameEquals(name)).Value is { ValueKind: JsonValueKind.String } value
            ? value.GetString()
            : null;
}
