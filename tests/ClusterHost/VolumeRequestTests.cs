using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class VolumeRequestTests : IAsyncLifetime
{
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_request_as_the_Cinder_driver_writes_it_makes_a_volume()
    {
        var answer = await Client.SendAsync($$"""
            {'type': 'AddVirtualDisk', 'category': 'VirtualDiskManagement', 'params': {'name': 'volume-1', 'size': {'unit': 'GB', 'value': 2.0},
            'diskType': 'BLOCK', 'blockSize': 4096, 'residence': 'hdd', 'replicationFactor': 3, 'replicationPolicy': 'rackaware', 'deduplication': False,
            'compressed': False, 'cacheEnabled': False, 'description': 'p\nit\'s "é"\n日本😀', 'createdBy': 'OpenStack'}, 'sessionId': '{{Client.SessionId}}'}
            """);
        Assert.Equal("ok", answer["status"]!.GetValue<string>());
        var item = answer["result"]![0]!;
        Assert.Equal("ok", item["status"]!.GetValue<string>());
        Assert.Equal(2L << 30, item["volume"]!["sizeBytes"]!.GetValue<long>());
        Assert.Equal("p\nit's \"é\"\n日本😀", item["volume"]!["description"]!.GetValue<string>());
        Assert.Equal(3, item["volume"]!["requested"]!["replicationFactor"]!.GetValue<int>());
        Assert.Equal(1, item["volume"]!["effective"]!["replicationFactor"]!.GetValue<int>());
        Assert.Equal("Agnostic", item["volume"]!["effective"]!["replicationPolicy"]!.GetValue<string>());
        Assert.Null(item["volume"]!["effective"]!["residence"]);
    }

    [Theory]
    [InlineData("'replicationPolicy': 'Agnostic', ")]
    [InlineData("'replicationPolicy': 'RackAware', ")]
    [InlineData("")]
    public async Task Data_centers_are_recorded_as_requested_and_told_not_to_be_given_whatever_the_replication_policy(string policy)
    {
        var answer = await Client.SendAsync($$"""
            {'type': 'AddVirtualDisk', 'category': 'VirtualDiskManagement', 'params': {'name': 'volume-1', 'size': {'unit': 'GB', 'value': 2.0}, {{policy}}'dataCenters': ['east', ' west']}, 'sessionId': '{{Client.SessionId}}'}
            """);
        var volume = answer["result"]![0]!["volume"]!;
        Assert.Equal("""["east","west"]""", volume["requested"]!["dataCenters"]!.ToJsonString());
        Assert.Equal("[]", volume["effective"]!["dataCenters"]!.ToJsonString());
    }

    [Fact]
    public async Task A_volume_is_removed_by_its_labels_only_if_they_allow_it()
    {
        await Client.OkAsync(
            "AddVirtualDisk",
            new JsonObject { ["name"] = "v", ["size"] = "16MB", ["labels"] = new JsonObject { ["a"] = "1", ["b"] = "2" } });
        Assert.Contains(
            "has the label 'b'", await Client.FailAsync("Refused", "RemoveVolume", Removal(["c", "b"])), StringComparison.Ordinal);
        Assert.Contains(
            "does not have the label 'a' of the value '2'",
            await Client.FailAsync("Refused", "RemoveVolume", Removal([], ("a", "2"))),
            StringComparison.Ordinal);
        Assert.Contains(
            "does not have the label 'c'",
            await Client.FailAsync("Refused", "RemoveVolume", Removal([], ("a", "1"), ("c", "3"))),
            StringComparison.Ordinal);
        Assert.Single(await Client.ListVolumesAsync());
        await Client.OkAsync("RemoveVolume", Removal(["c"], ("a", "1"), ("b", "2")));
        Assert.Empty(await Client.ListVolumesAsync());
        _ = await Client.FailAsync("NotFound", "RemoveVolume", Removal([]));

        static JsonObject Removal(string[] unless, params (string Name, string Value)[] labels) => new()
        {
            ["virtualDisk"] = "v",
            ["unlessLabelled"] = new JsonArray([.. unless.Select(name => (JsonNode)name)]),
            ["ifLabelled"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Name, (JsonNode?)label.Value))),
        };
    }

    [Fact]
    public async Task A_GET_as_Terraform_writes_it_reads_and_removes_a_volume()
    {
        await Client.CreateAsync("tf", "1537MB");
        var read = JsonNode.Parse(await Client.Http.GetStringAsync("/rest/?request=" + Uri.EscapeDataString(
            $"{{type:VirtualDiskDetails,category:VirtualDiskManagement,params:{{virtualDisk:'tf'}},sessionId:'{Client.SessionId}'}}")))!;
        Assert.Equal("tf", read["result"]!["vDiskName"]!.GetValue<string>());
        Assert.Equal("2", read["result"]!["size"]!["value"]!.ToJsonString());
        Assert.Equal("BLOCK", read["result"]!["diskType"]!.GetValue<string>());
        Assert.Empty(read["result"]!["targetLocations"]!.AsArray());
        Assert.Equal(1537L << 20, read["result"]!["sizeBytes"]!.GetValue<long>());
        var removed = JsonNode.Parse(
            await Client.Http.GetStringAsync(
                "/rest?request="
                    + Uri.EscapeDataString($"{{type:DeleteVDisk, category:VirtualDiskManagement, params:{{virtualDisks:['tf']}}, "
                    + $"sessionId:'{Client.SessionId}'}}}}")))!;
        Assert.Equal("ok", removed["result"]![0]!["status"]!.GetValue<string>());
        Assert.Empty(await Client.ListVolumesAsync());
    }

    [Fact]
    public async Task A_missing_volume_is_a_warning_in_the_words_that_clients_match()
    {
        foreach (var (type, parameters) in new (string, JsonObject)[]
        {
            ("VirtualDiskDetails", new JsonObject { ["virtualDisk"] = "none" }),
            ("DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("none") }),
            ("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("none"), ["size"] = "32MB" }),
            ("MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("none") }),
        })
        {
            var answer = await Client.CallAsync(type, parameters);
            Assert.Equal("warning", answer["status"]!.GetValue<string>());
            Assert.EndsWith("couldn't be found", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
            if (type is "DeleteVDisk" or "ResizeDisks" or "MakeSnapshot")
            {
                Assert.EndsWith("couldn't be found", answer["result"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_same_create_again_succeeds_and_makes_nothing()
    {
        var first = await Client.CreateAsync("same", "20MB", "ext4");
        var second = await Client.CreateAsync("same", "20MB");
        Assert.Equal(first![0]!["volume"]!["id"]!.GetValue<string>(), second![0]!["volume"]!["id"]!.GetValue<string>());
        Assert.Single(await Client.ListVolumesAsync());
    }

    [Fact]
    public async Task Create_with_another_size_type_or_file_system_is_a_conflict_that_names_both()
    {
        await Client.CreateAsync("twice", "512MB");
        var size = await Client.FailAsync("Conflict", "AddVirtualDisk", new JsonObject { ["name"] = "twice", ["size"] = "513MB" });
        Assert.Contains("512MB", size, StringComparison.Ordinal);
        Assert.Contains("513MB", size, StringComparison.Ordinal);
        var type = await Client.FailAsync(
            "Conflict", "AddVirtualDisk", new JsonObject { ["name"] = "twice", ["size"] = "512MB", ["diskType"] = "nfs" });
        Assert.Contains("Block", type, StringComparison.Ordinal);
        Assert.Contains("File", type, StringComparison.Ordinal);
        var fileSystem = await Client.FailAsync(
            "Conflict", "AddVirtualDisk", new JsonObject { ["name"] = "twice", ["size"] = "512MB", ["fileSystem"] = "xfs" });
        Assert.Contains("Ext4", fileSystem, StringComparison.Ordinal);
        Assert.Contains("Xfs", fileSystem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sizes_are_rounded_up_to_whole_blocks_and_the_real_size_is_told()
    {
        var made = await Client.CreateAsync("odd", "16777217");
        Assert.Equal(16777216 + 4096, made![0]!["volume"]!["sizeBytes"]!.GetValue<long>());
        Assert.Equal(16777216 + 4096, new FileInfo(await Client.ImagePathAsync("odd")).Length);
    }

    [Theory]
    [InlineData("0", "16MB")]
    [InlineData("15MB", "16MB")]
    [InlineData("-1GB", "negative")]
    [InlineData("10XB", "10XB")]
    [InlineData("6EB", "out of range")]
    [InlineData("99EB", "too large")]
    [InlineData("abc", "abc")]
    public async Task A_wrong_size_is_refused_with_what_would_be_right(string size, string told)
    {
        var message = await Client.FailAsync("InvalidArgument", "AddVirtualDisk", new JsonObject { ["name"] = "wrong", ["size"] = size });
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.Empty(await Client.ListVolumesAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(_host.Directory, "volumes")));
    }

    [Fact]
    public async Task An_xfs_volume_is_at_least_300MB()
    {
        var message = await Client.FailAsync(
            "InvalidArgument", "AddVirtualDisk", new JsonObject { ["name"] = "x", ["size"] = "299MB", ["fileSystem"] = "xfs" });
        Assert.Contains("300MB", message, StringComparison.Ordinal);
        await Client.CreateAsync("x", "300MB", "xfs");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a\nb")]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("é")]
    public async Task A_wrong_name_is_refused_with_the_rule(string name)
    {
        var message = await Client.FailAsync("InvalidArgument", "AddVirtualDisk", new JsonObject { ["name"] = name, ["size"] = "16MB" });
        Assert.Contains(ObjectName.Rule, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Empty(await Client.ListVolumesAsync());
    }

    [Fact]
    public async Task A_name_of_255_bytes_is_taken_and_one_of_256_refused()
    {
        await Client.CreateAsync(new string('n', 255));
        await Client.FailAsync("InvalidArgument", "AddVirtualDisk", new JsonObject { ["name"] = new string('n', 256), ["size"] = "16MB" });
    }

    [Theory]
    [InlineData("AddVirtualDisk", """{"size":"16MB"}""", "'name'")]
    [InlineData("AddVirtualDisk", """{"name":"a"}""", "'size'")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":{"unit":"GB"}}""", "'size.value'")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":{"unit":"XB","value":10}}""", "10XB")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":"16MB","diskType":"TAPE"}""", "BLOCK or NFS")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":"16MB","fileSystem":"ntfs"}""", "ext4 or xfs")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":"16MB","replicationFactor":7}""", "1 to 6")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":"16MB","compressed":"maybe"}""", "true or false")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":"16MB","policy":"none"}""", "no policy 'none'")]
    [InlineData("AddVirtualDisk", """{"name":"a","size":"16MB","deduplication":true,"compressed":false}""", "compression")]
    [InlineData("AddVirtualDisk", """{"name":["a"],"size":"16MB"}""", "'name'")]
    [InlineData("DeleteVDisk", "{}", "'virtualDisks'")]
    [InlineData("ListVolumes", """{"pageSize":1001}""", "1 to 1000")]
    [InlineData("Attach", """{"virtualDisk":"a"}""", "'host'")]
    public async Task A_wrong_parameter_is_refused_by_name(string type, string parameters, string told)
    {
        var message = await Client.FailAsync("InvalidArgument", type, JsonNode.Parse(parameters)!.AsObject());
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.Empty(await Client.ListVolumesAsync());
    }

    [Fact]
    public async Task Requests_that_clients_index_answer_an_item_even_when_they_fail()
    {
        foreach (var type in new[] { "AddVirtualDisk", "ResizeDisks", "DeleteVDisk", "MakeSnapshot" })
        {
            var answer = await Client.CallAsync(type, []);
            Assert.Equal("failure", answer["result"]![0]!["status"]!.GetValue<string>());
            Assert.NotNull(answer["result"]![0]!["message"]);
        }

        Client.SessionId = "unknown";
        var ended = await Client.CallAsync("DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("a") });
        Assert.Equal("session-failure", ended["status"]!.GetValue<string>());
        Assert.Equal("session-failure", ended["result"]![0]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Encryption_is_refused_in_the_words_that_Terraform_matches()
    {
        var answer = await Client.CallAsync(
            "AddVirtualDisk", new JsonObject { ["name"] = "e", ["size"] = "16MB", ["encryption"] = "True" });
        Assert.EndsWith("Run setkmsinfo command", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("Run setkmsinfo command", answer["result"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEqual("ok", answer["result"]![0]!["status"]!.GetValue<string>());
        await Client.CreateAsync("plain");
        foreach (var (type, parameters) in new (string, JsonObject)[]
        {
            ("UpdateVolume", new JsonObject { ["virtualDisk"] = "plain", ["encryption"] = true }),
            ("AddPolicy", new JsonObject { ["name"] = "p", ["encryption"] = true }),
            ("CloneVdisk", new JsonObject { ["srcVolName"] = "plain", ["cloneVolName"] = "c", ["encryption"] = true }),
        })
        {
            Assert.EndsWith("Run setkmsinfo command", await Client.FailAsync("Refused", type, parameters), StringComparison.Ordinal);
        }

        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "f", ["size"] = "16MB", ["encryption"] = false });
    }

    [Fact]
    public async Task Growing_works_and_shrinking_is_refused_with_both_sizes()
    {
        await Client.CreateAsync("grow");
        await Client.AttachAsync("grow");
        await Client.OkAsync(
            "ResizeDisks",
            new JsonObject { ["virtualDisks"] = new JsonArray("grow"), ["size"] = new JsonObject { ["unit"] = "MB", ["value"] = 24 } });
        await Client.OkAsync("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("grow"), ["size"] = "24MB" });
        var message = await Client.FailAsync(
            "Refused", "ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("grow"), ["size"] = "17MB" });
        Assert.Contains("24MB", message, StringComparison.Ordinal);
        Assert.Contains("17MB", message, StringComparison.Ordinal);
        Assert.Equal(24L << 20, new FileInfo(await Client.ImagePathAsync("grow")).Length);
    }

    [Fact]
    public async Task A_protected_volume_is_neither_removed_nor_reverted()
    {
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "safe", ["size"] = "16MB", ["protected"] = "true" });
        await Client.SnapshotAsync("safe", "s");
        await Client.FailAsync("Refused", "DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("safe") });
        await Client.FailAsync("Refused", "RevertVolume", new JsonObject { ["virtualDisk"] = "safe", ["snapshotName"] = "s" });
        await Client.OkAsync("UpdateVolume", new JsonObject { ["virtualDisk"] = "safe", ["protected"] = false, ["description"] = "now" });
        await Client.DeleteAsync("safe");
        await Eventually.TrueAsync(() => Directory.GetFiles(Path.Combine(_host.Directory, "snapshots")).Length == 0, "the image has gone");
    }

    [Fact]
    public async Task Listings_page_filter_and_name()
    {
        foreach (var name in new[] { "b2", "a1", "B3", "c_4" })
        {
            await Client.CreateAsync(name);
        }

        var first = await Client.OkAsync("ListVolumes", new JsonObject { ["pageSize"] = 3 });
        Assert.Equal(["B3", "a1", "b2"], Names(first));
        var second = await Client.OkAsync(
            "ListVolumes", new JsonObject { ["pageSize"] = 3, ["pageToken"] = first!["nextPageToken"]!.GetValue<string>() });
        Assert.Equal(["c_4"], Names(second));
        Assert.Null(second!["nextPageToken"]);
        Assert.Equal(["B3", "b2"], Names(await Client.OkAsync("ListVolumes", new JsonObject { ["pattern"] = "b*" })));
        Assert.Equal(["c_4"], Names(await Client.OkAsync("ListVolumes", new JsonObject { ["pattern"] = "?_4" })));
        Assert.Equal(
            ["a1", "c_4"], Names(await Client.OkAsync("ListVolumes", new JsonObject { ["names"] = new JsonArray("c_4", "a1", "none") })));
        Assert.Empty(Names(await Client.OkAsync("ListVolumes", new JsonObject { ["names"] = new JsonArray() })));
    }

    [Fact]
    public async Task A_type_that_is_not_implemented_is_named_in_a_failure()
    {
        var answer = await Client.CallAsync("PaintItBlue");
        Assert.Equal("failure", answer["status"]!.GetValue<string>());
        Assert.Contains("PaintItBlue", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_creates_of_one_name_make_one_volume()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Client.CreateAsync("one")));
        Assert.Single(answers.Select(answer => answer![0]!["volume"]!["id"]!.GetValue<string>()).Distinct(StringComparer.Ordinal));
        Assert.Single(Directory.GetFiles(Path.Combine(_host.Directory, "volumes")), file => new FileInfo(file).Length > 0);
    }

    private static string[] Names(JsonNode? result) =>
        result!["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>()).ToArray();
}
