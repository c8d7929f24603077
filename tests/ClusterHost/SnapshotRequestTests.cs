using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class SnapshotRequestTests : IAsyncLifetime
{
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        _host = await InProcessHost.StartAsync();
        await Client.CreateAsync("v");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_snapshot_keeps_the_content_and_a_revert_brings_it_back_without_shrinking()
    {
        var image = await Client.ImagePathAsync("v");
        Write(image, "before");
        await Client.SnapshotAsync("v", "s");
        Write(image, "after!");
        await Client.OkAsync("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["size"] = "20MB" });
        await Client.CloneAsync("v", "now");
        await Client.CloneAsync("v", "then", "s");
        Assert.Equal("after!", Read(await Client.ImagePathAsync("now")));
        Assert.Equal("before", Read(await Client.ImagePathAsync("then")));
        await Client.OkAsync("RevertVolume", new JsonObject { ["virtualDisk"] = "v", ["snapshotName"] = "s" });
        Assert.Equal("before", Read(image));
        Assert.Equal(20L << 20, new FileInfo(image).Length);
        Assert.Equal(16L << 20, new FileInfo(await Client.ImagePathAsync("then")).Length);
    }

    [Fact]
    public async Task A_snapshot_is_found_again_by_name_and_by_outside_identity()
    {
        var first = await Client.OkAsync(
            "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["openstackSID"] = "sid-1" });
        var again = await Client.OkAsync(
            "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["openstackSID"] = "sid-1" });
        Assert.Equal(first![0]!["snapshotName"]!.GetValue<string>(), again![0]!["snapshotName"]!.GetValue<string>());
        await Client.SnapshotAsync("v", "named");
        await Client.SnapshotAsync("v", "named");
        Assert.Equal(2, (await Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray().Count);
        await Client.CreateAsync("w");
        await Client.FailAsync(
            "Conflict", "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("w"), ["openstackSID"] = "sid-1" });
    }

    [Fact]
    public async Task A_snapshot_is_removed_as_Cinder_asks_whatever_display_name_it_gives()
    {
        await Client.OkAsync("MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["openstackSID"] = "sid-1" });
        var answer = await Client.SendAsync(
            $"{{'type': 'DeleteSnapshot', 'category': 'SnapshotManagement', 'params': {{'snapshotName': None, 'openstackSID': 'sid-1', "
                + $"'openstackVolName': 'v'}}, 'sessionId': '{Client.SessionId}'}}");
        Assert.Equal("ok", answer["status"]!.GetValue<string>());
        await Client.SnapshotAsync("v", "named");
        await Client.OkAsync("DeleteSnapshot", new JsonObject { ["openstackVolName"] = "v", ["snapshotName"] = "named" });
        await Eventually.TrueAsync(
            () => Directory.GetFiles(Path.Combine(_host.Directory, "snapshots")).Length == 0, "the images have gone");
    }

    [Theory]
    [InlineData("""{"openstackSID":"none"}""")]
    [InlineData("""{"openstackSID":"none","openstackVolName":"v","snapshotName":"s"}""")]
    [InlineData("""{"openstackVolName":"v","snapshotName":"none"}""")]
    [InlineData("""{"openstackVolName":"none","snapshotName":"none"}""")]
    public async Task Removing_a_snapshot_that_is_gone_succeeds_for_Cinder_takes_a_warning_as_a_failure(string parameters)
    {
        await Client.SnapshotAsync("v", "s");
        await Client.OkAsync("DeleteSnapshot", JsonNode.Parse(parameters)!.AsObject());
        Assert.Single((await Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"openstackVolName":"v"}""")]
    [InlineData("""{"snapshotName":"s"}""")]
    public async Task Removing_a_snapshot_without_saying_which_is_refused(string parameters)
    {
        await Client.SnapshotAsync("v", "s");
        var message = await Client.FailAsync("InvalidArgument", "DeleteSnapshot", JsonNode.Parse(parameters)!.AsObject());
        Assert.Contains("openstackSID", message, StringComparison.Ordinal);
        Assert.Single((await Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());
    }

    [Fact]
    public async Task A_clone_is_as_large_as_its_source_or_larger_never_smaller()
    {
        var made = await Client.OkAsync(
            "CloneVdisk", new JsonObject { ["srcVolName"] = "v", ["cloneVolName"] = "large", ["size"] = 32L << 20 });
        Assert.Equal(32L << 20, made!["volume"]!["sizeBytes"]!.GetValue<long>());
        Assert.Equal("v", made["volume"]!["sourceVolume"]!.GetValue<string>());
        var message = await Client.FailAsync(
            "Refused", "CloneVdisk", new JsonObject { ["srcVolName"] = "large", ["cloneVolName"] = "small", ["size"] = 16L << 20 });
        Assert.Contains("16MB", message, StringComparison.Ordinal);
        Assert.Contains("32MB", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_clone_again_succeeds_and_another_source_is_a_conflict()
    {
        await Client.CloneAsync("v", "c");
        await Client.CloneAsync("v", "c");
        await Client.CreateAsync("w");
        await Client.FailAsync("Conflict", "CloneVdisk", new JsonObject { ["srcVolName"] = "w", ["cloneVolName"] = "c" });
        await Client.FailAsync("Conflict", "AddVirtualDisk", new JsonObject { ["name"] = "c", ["size"] = "16MB" });
    }

    [Fact]
    public async Task Removing_a_volume_removes_its_snapshots_but_not_its_clones()
    {
        await Client.SnapshotAsync("v", "s");
        await Client.CloneAsync("v", "c", "s");
        await Client.DeleteAsync("v");
        await Eventually.TrueAsync(
            () => Directory.GetFiles(Path.Combine(_host.Directory, "snapshots")).Length == 0, "the images have gone");
        Assert.Equal("c", Assert.Single(await Client.ListVolumesAsync())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Snapshots_are_listed_in_pages_by_volume_and_name()
    {
        await Client.CreateAsync("a");
        foreach (var (volume, name) in new[] { ("v", "s2"), ("v", "s1"), ("a", "s9") })
        {
            await Client.SnapshotAsync(volume, name);
        }

        var first = await Client.OkAsync("ListSnapshots", new JsonObject { ["pageSize"] = 2 });
        Assert.Equal(["a@s9", "v@s1"], Names(first));
        Assert.Equal(
            ["v@s2"],
            Names(await Client.OkAsync("ListSnapshots", new JsonObject { ["pageToken"] = first!["nextPageToken"]!.GetValue<string>() })));
        Assert.Equal(["v@s1"], Names(await Client.OkAsync("ListSnapshots", new JsonObject { ["virtualDisk"] = "v", ["pattern"] = "*1" })));
    }

    private static string[] Names(JsonNode? result) =>
        result!["snapshots"]!.AsArray()
            .Select(snapshot => $"{snapshot!["volume"]!.GetValue<string>()}@{snapshot["name"]!.GetValue<string>()}").ToArray();

    private static void Write(string image, string text)
    {
        using var file = File.OpenWrite(image);
        file.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    private static string Read(string image)
    {
        using var file = File.OpenRead(image);
        var buffer = new byte[6];
        file.ReadExactly(buffer);
        return System.Text.Encoding.ASCII.GetString(buffer);
    }
}
