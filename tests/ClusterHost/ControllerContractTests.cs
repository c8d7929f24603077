using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// What the conformance lists of other storage systems (CSI's for a controller, Flocker's for a back end) ask of whoever makes, attaches
/// and copies volumes, asked on the wire. What the tests of single requests show is not repeated here.
/// </summary>
public sealed class ControllerContractTests : IAsyncLifetime
{
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_new_cluster_has_no_volumes_snapshots_or_attachments()
    {
        Assert.Empty(await Client.ListVolumesAsync());
        Assert.Empty(await SnapshotsAsync());
        Assert.Empty(await AttachmentsAsync());
    }

    [Fact]
    public async Task A_listing_shows_a_new_volume_as_it_was_made_and_lacks_a_removed_one()
    {
        var made = (await Client.CreateAsync("new", "24MB"))![0]!["volume"]!;
        var listed = Assert.Single(await Client.ListVolumesAsync())!;
        Assert.Equal(
            (made["id"]!.GetValue<string>(), "new", 24L << 20),
            (listed["id"]!.GetValue<string>(), listed["name"]!.GetValue<string>(), listed["sizeBytes"]!.GetValue<long>()));
        await Client.CreateAsync("other");
        await Client.DeleteAsync("new");
        Assert.Equal("other", Assert.Single(await Client.ListVolumesAsync())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_listing_shows_attached_and_other_volumes_and_who_has_them()
    {
        await Client.CreateAsync("free");
        await Client.CreateAsync("held");
        await Client.AttachAsync("held");
        var volumes = await Client.ListVolumesAsync();
        Assert.Equal(["free", "held"], volumes.Select(volume => volume!["name"]!.GetValue<string>()));
        Assert.Null(volumes[0]!["attachment"]);
        Assert.Equal("host1", volumes[1]!["attachment"]!["host"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pages_go_on_though_volumes_are_made_and_the_last_one_of_a_page_is_removed_in_between()
    {
        foreach (var name in new[] { "a", "b", "d", "e" })
        {
            await Client.CreateAsync(name);
        }

        var first = (await Client.OkAsync("ListVolumes", new JsonObject { ["pageSize"] = 2 }))!;
        await Client.DeleteAsync("b");
        await Client.CreateAsync("c");
        var second = await Client.OkAsync(
            "ListVolumes", new JsonObject { ["pageSize"] = 10, ["pageToken"] = first["nextPageToken"]!.GetValue<string>() });
        Assert.Equal(["c", "d", "e"], second!["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_token_that_is_of_no_page_of_snapshots_is_refused() =>
        Assert.Contains(
            "nextPageToken",
            await Client.FailAsync("InvalidArgument", "ListSnapshots", new JsonObject { ["pageToken"] = "neither/nor/this" }),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"srcVolName":"none","cloneVolName":"c"}""")]
    [InlineData("""{"srcVolName":"v","snapshotName":"none","cloneVolName":"c"}""")]
    public async Task A_clone_of_what_is_not_there_is_refused_and_makes_nothing(string parameters)
    {
        await Client.CreateAsync("v");
        Assert.EndsWith(
            "couldn't be found",
            await Client.FailAsync("NotFound", "CloneVdisk", JsonNode.Parse(parameters)!.AsObject()),
            StringComparison.Ordinal);
        Assert.Single(await Client.ListVolumesAsync());
        Assert.Single(Directory.GetFiles(Path.Combine(_host.Directory, "volumes")), file => new FileInfo(file).Length > 0);
    }

    [Theory]
    [InlineData("CloneVdisk", """{"cloneVolName":"c"}""", "'srcVolName'")]
    [InlineData("CloneVdisk", """{"srcVolName":"v"}""", "'cloneVolName'")]
    [InlineData("ResizeDisks", """{"size":"32MB"}""", "'virtualDisks'")]
    [InlineData("ResizeDisks", """{"virtualDisks":["v"]}""", "'size'")]
    [InlineData("MakeSnapshot", """{"snapshotName":"s"}""", "'virtualDisks'")]
    [InlineData("RevertVolume", """{"virtualDisk":"v"}""", "'snapshotName'")]
    [InlineData("UpdateVolume", """{"description":"d"}""", "'virtualDisk'")]
    [InlineData("UpdateVolume", """{"virtualDisk":"v","replicationFactor":9}""", "1 to 6")]
    [InlineData("UpdateVolume", """{"virtualDisk":"v","policy":"none"}""", "no policy 'none'")]
    [InlineData("Attach", """{"host":"h","bootId":"b","machineId":"m"}""", "'virtualDisk'")]
    [InlineData("Attach", """{"virtualDisk":"v","host":"h","machineId":"m"}""", "'bootId'")]
    [InlineData("Attach", """{"virtualDisk":"v","host":"h","bootId":"b","machineId":"m","mode":"Sometimes"}""", "Sometimes")]
    [InlineData("Detach", """{"host":"h"}""", "'virtualDisk'")]
    [InlineData("Detach", """{"virtualDisk":"v"}""", "'host'")]
    public async Task What_a_request_needs_and_lacks_is_named(string type, string parameters, string told)
    {
        await Client.CreateAsync("v");
        var before = (await Client.ListVolumesAsync()).ToJsonString();
        Assert.Contains(
            told, await Client.FailAsync("InvalidArgument", type, JsonNode.Parse(parameters)!.AsObject()), StringComparison.Ordinal);
        Assert.Equal(before, (await Client.ListVolumesAsync()).ToJsonString());
        Assert.Empty(await SnapshotsAsync());
        Assert.Empty(await AttachmentsAsync());
    }

    [Fact]
    public async Task A_volume_that_was_never_there_or_was_removed_is_neither_attached_detached_nor_changed()
    {
        await Client.CreateAsync("removed");
        await Client.DeleteAsync("removed");
        foreach (var name in new[] { "never", "removed" })
        {
            Assert.Equal("NotFound", (await Client.AttachAsync(name))["code"]!.GetValue<string>());
            await Client.FailAsync("NotFound", "Detach", new JsonObject { ["virtualDisk"] = name, ["host"] = "host1" });
            await Client.FailAsync("NotFound", "UpdateVolume", new JsonObject { ["virtualDisk"] = name, ["description"] = "d" });
            await Client.FailAsync("NotFound", "RevertVolume", new JsonObject { ["virtualDisk"] = name, ["snapshotName"] = "s" });
        }

        Assert.Empty(await AttachmentsAsync());
    }

    [Fact]
    public async Task A_host_has_many_volumes_at_once_each_with_its_size_at_its_own_place_and_gives_back_one_alone()
    {
        const int Volumes = 64;
        var names = Enumerable.Range(0, Volumes).Select(number => $"v{number:00}").ToArray();
        foreach (var name in names)
        {
            await Client.CreateAsync(name, "20MB");
        }

        var answers = await Task.WhenAll(names.Select(name => Client.AttachAsync(name)));
        var places = answers.Select(answer => answer["result"]!["device"]!["path"]!.GetValue<string>()).ToArray();
        Assert.Equal(Volumes, places.Distinct(StringComparer.Ordinal).Count());
        Assert.All(places, place => Assert.Equal(20L << 20, new FileInfo(place).Length));
        await Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = names[7], ["host"] = "host1" });
        Assert.Equal(
            names.Except([names[7]]),
            (await AttachmentsAsync()).Select(lease => lease!["volume"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_a_volume_is_is_told_to_nobody_who_has_not_attached_it()
    {
        await Client.CreateAsync("v");
        var place = await Client.ImagePathAsync("v");
        Assert.DoesNotContain(
            place,
            (await Client.OkAsync("VirtualDiskDetails", new JsonObject { ["virtualDisk"] = "v" }))!.ToJsonString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(place, (await Client.ListVolumesAsync()).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_can_be_attached_again_and_elsewhere_when_it_was_given_back_and_is_at_the_same_place()
    {
        await Client.CreateAsync("v");
        var place = await Client.ImagePathAsync("v");
        Assert.Equal(place, await Client.ImagePathAsync("v"));
        var elsewhere = await Client.AttachAsync("v", "host2");
        Assert.Equal(place, elsewhere["result"]!["device"]!["path"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_whole_life_goes_well_however_often_each_call_is_repeated(int times)
    {
        await RepeatAsync(() => Client.CreateAsync("v"));
        await RepeatAsync(() => Client.OkAsync("UpdateVolume", new JsonObject { ["virtualDisk"] = "v", ["description"] = "d" }));
        await RepeatAsync(
            () =>
                Client.OkAsync(
                    "SetLabels",
                    new JsonObject { ["kind"] = "Volume", ["name"] = "v", ["labels"] = new JsonObject { ["a"] = "b", ["c"] = null } }));
        await RepeatAsync(async () => Assert.Equal("ok", (await Client.AttachAsync("v"))["status"]!.GetValue<string>()));
        await RepeatAsync(() => Client.OkAsync("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["size"] = "32MB" }));
        await RepeatAsync(() => Client.SnapshotAsync("v", "s"));
        await RepeatAsync(() => Client.CloneAsync("v", "c", "s"));
        await RepeatAsync(() => Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1" }));
        await RepeatAsync(() => Client.OkAsync("RevertVolume", new JsonObject { ["virtualDisk"] = "v", ["snapshotName"] = "s" }));
        Assert.Equal(2, (await Client.ListVolumesAsync()).Count);
        Assert.Single(await SnapshotsAsync());
        await RepeatAsync(() => Client.OkAsync("DeleteSnapshot", new JsonObject { ["openstackVolName"] = "v", ["snapshotName"] = "s" }));

        // To the clients a volume that is gone is a warning, whose words they take for success.
        foreach (var name in new[] { "v", "c" })
        {
            await RepeatAsync(() => Client.CallAsync("DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray(name) }));
        }

        Assert.Empty(await Client.ListVolumesAsync());
        Assert.Empty(await AttachmentsAsync());

        async Task RepeatAsync(Func<Task> call)
        {
            for (var time = 0; time < times; time++)
            {
                await call();
            }
        }
    }

    [Fact]
    public async Task A_snapshots_name_of_255_bytes_is_taken_and_one_of_256_refused()
    {
        await Client.CreateAsync("v");
        await Client.SnapshotAsync("v", new string('s', 255));
        await Client.FailAsync(
            "InvalidArgument",
            "MakeSnapshot",
            new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = new string('s', 256) });
        Assert.Single(await SnapshotsAsync());
    }

    [Fact]
    public async Task A_listing_of_snapshots_shows_new_ones_lacks_removed_ones_and_is_empty_for_what_is_not_there()
    {
        await Client.CreateAsync("v");
        await Client.CreateAsync("w");
        await Client.SnapshotAsync("v", "first");
        await Client.SnapshotAsync("v", "second");
        Assert.Equal(2, (await SnapshotsAsync(new JsonObject { ["virtualDisk"] = "v" })).Count);
        Assert.Equal("second", Assert.Single(await SnapshotsAsync(new JsonObject { ["pattern"] = "second" }))!["name"]!.GetValue<string>());
        Assert.Empty(await SnapshotsAsync(new JsonObject { ["virtualDisk"] = "w" }));
        Assert.Empty(await SnapshotsAsync(new JsonObject { ["virtualDisk"] = "none" }));
        Assert.Empty(await SnapshotsAsync(new JsonObject { ["pattern"] = "none" }));
        await Client.OkAsync("DeleteSnapshot", new JsonObject { ["openstackVolName"] = "v", ["snapshotName"] = "first" });
        Assert.Equal("second", Assert.Single(await SnapshotsAsync())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_same_name_is_another_snapshot_on_another_volume()
    {
        await Client.CreateAsync("v");
        await Client.CreateAsync("w");
        await Client.SnapshotAsync("v", "s");
        await Client.SnapshotAsync("w", "s");
        await Client.OkAsync("DeleteSnapshot", new JsonObject { ["openstackVolName"] = "v", ["snapshotName"] = "s" });
        Assert.Equal("w", Assert.Single(await SnapshotsAsync())!["volume"]!.GetValue<string>());
    }

    private async Task<JsonArray> SnapshotsAsync(JsonObject? parameters = null) =>
        (await Client.OkAsync("ListSnapshots", parameters))!["snapshots"]!.AsArray();

    private async Task<JsonArray> AttachmentsAsync() => (await Client.OkAsync("ListAttachments"))!["attachments"]!.AsArray();
}
