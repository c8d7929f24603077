using System.Text.Json;
using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class AccessRequestTests : IAsyncLifetime
{
    private const string Iqn = "iqn.1993-08.org.debian:01:web1";
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Targets_are_listed_in_the_order_in_which_they_were_configured()
    {
        Assert.Empty((await Client.OkAsync("ListTargets"))!.AsArray());
        await AddTargetAsync("proxy2.example.com");
        await AddTargetAsync("nas", "NFS", "web1");
        await AddTargetAsync("proxy1", "block", "web2", "WEB1", "web1");

        var all = (await Client.OkAsync("ListTargets"))!.AsArray();
        Assert.Equal(["proxy2.example.com", "nas", "proxy1"], all.Select(Text("target")), StringComparer.Ordinal);
        Assert.Equal(["block", "nfs", "block"], all.Select(Text("protocol")), StringComparer.Ordinal);
        Assert.Equal("""["WEB1","web2"]""", all[2]!["computeHosts"]!.ToJsonString());
        Assert.Equal("[]", all[0]!["computeHosts"]!.ToJsonString());
        Assert.Equal(["nas", "proxy1"], (await ForHostAsync("web1")).Select(Text("target")), StringComparer.Ordinal);
        Assert.Equal(["proxy1"], (await ForHostAsync("Web2")).Select(Text("target")), StringComparer.Ordinal);
        Assert.Empty(await ForHostAsync("web3"));
    }

    [Fact]
    public async Task The_same_target_again_succeeds_and_another_under_its_name_is_a_conflict_that_names_both()
    {
        await AddTargetAsync("proxy1", "block", "web1");
        await AddTargetAsync("proxy1", "block", "WEB1");
        await Client.OkAsync("AddTarget", new JsonObject { ["name"] = "proxy1", ["protocol"] = "block" });

        var protocol = await Client.FailAsync("Conflict", "AddTarget", Target("proxy1", "nfs", "web1"));
        Assert.Contains("the protocol block, not nfs", protocol, StringComparison.Ordinal);
        var hosts = await Client.FailAsync("Conflict", "AddTarget", Target("proxy1", "block", "web2"));
        Assert.Contains("'web1', not 'web2'", hosts, StringComparison.Ordinal);
        var spelling = await Client.FailAsync("Conflict", "AddTarget", Target("Proxy1", "block"));
        Assert.Contains("'proxy1'", spelling, StringComparison.Ordinal);
        Assert.Single((await Client.OkAsync("ListTargets"))!.AsArray());

        var changed = await Client.OkAsync(
            "UpdateTarget", new JsonObject { ["name"] = "proxy1", ["computeHosts"] = new JsonArray("web2") });
        Assert.Equal("""{"target":"proxy1","protocol":"block","computeHosts":["web2"]}""", changed!["target"]!.ToJsonString());
        Assert.EndsWith(
            "couldn't be found",
            await Client.FailAsync("NotFound", "UpdateTarget", new JsonObject { ["name"] = "none" }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"a_b","protocol":"block"}""", "labels of letters")]
    [InlineData("""{"name":"-a","protocol":"block"}""", "labels of letters")]
    [InlineData("""{"name":"a:3260","protocol":"block"}""", "labels of letters")]
    [InlineData("""{"name":"","protocol":"block"}""", "labels of letters")]
    [InlineData("""{"name":"a","protocol":"smb"}""", "Block or Nfs")]
    [InlineData("""{"name":"a"}""", "'protocol'")]
    [InlineData("""{"name":"a","protocol":"nfs","computeHosts":["b/c"]}""", "b/c")]
    public async Task A_wrong_target_is_refused_with_what_would_be_right(string parameters, string told)
    {
        Assert.Contains(
            told, await Client.FailAsync("InvalidArgument", "AddTarget", JsonNode.Parse(parameters)!.AsObject()), StringComparison.Ordinal);
        Assert.Empty((await Client.OkAsync("ListTargets"))!.AsArray());
    }

    [Fact]
    public async Task A_block_targets_name_leaves_room_for_its_iscsi_names()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 46), 4));
        Assert.Contains("186", await Client.FailAsync("InvalidArgument", "AddTarget", Target(name, "block")), StringComparison.Ordinal);
        await AddTargetAsync(name[..186]);
        await AddTargetAsync(name, "nfs");
    }

    [Fact]
    public async Task A_target_in_use_is_not_removed_and_one_that_only_rules_name_is()
    {
        await AddTargetAsync("proxy1");
        await Client.CreateAsync("v");
        await AddLunAsync("v", "proxy1");
        await Client.OkAsync("PersistACLAccess", Rule("v", "proxy1", "iqn", Iqn));
        Assert.Contains(
            "'v'", await Client.FailAsync("Busy", "DeleteTarget", new JsonObject { ["name"] = "proxy1" }), StringComparison.Ordinal);

        await Client.OkAsync("UnmapLun", Pair("v", "proxy1"));
        await Client.OkAsync("DeleteTarget", new JsonObject { ["name"] = "proxy1" });
        await Client.OkAsync("DeleteTarget", new JsonObject { ["name"] = "proxy1" });
        Assert.Empty((await Client.OkAsync("ListTargets"))!.AsArray());
        Assert.Empty((await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray());

        await AddTargetAsync("nas", "nfs");
        await CreateFileAsync("f");
        await MountAsync("f", "nas");
        Assert.Contains(
            "'f'", await Client.FailAsync("Busy", "DeleteTarget", new JsonObject { ["name"] = "nas" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_LUN_has_the_lowest_free_number_of_its_target_and_keeps_it()
    {
        await AddTargetAsync("proxy1");
        await AddTargetAsync("proxy2");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Client.CreateAsync(name);
        }

        Assert.Equal(1, await AddLunAsync("a", "proxy1"));
        Assert.Equal(2, await AddLunAsync("b", "proxy1"));
        Assert.Equal(3, await AddLunAsync("c", "proxy1"));
        Assert.Equal(1, await AddLunAsync("b", "proxy2"));
        Assert.Equal(2, await AddLunAsync("b", "proxy1"));

        var lun = (await Client.OkAsync("GetLun", Pair("b", "proxy1")))!["lun"]!;
        Assert.Equal("2", lun.ToJsonString());
        var details = await Client.OkAsync("VirtualDiskDetails", Disk("b"));
        Assert.Equal("""["proxy1:2","proxy2:1"]""", details!["targetLocations"]!.ToJsonString());

        await Client.OkAsync("UnmapLun", Pair("a", "proxy1"));
        await Client.OkAsync("UnmapLun", Pair("b", "proxy1"));
        Assert.Equal(1, await AddLunAsync("b", "proxy1"));
        Assert.Equal(2, await AddLunAsync("a", "proxy1"));
    }

    [Fact]
    public async Task Concurrent_maps_of_volumes_get_a_number_each()
    {
        await AddTargetAsync("proxy1");
        await Task.WhenAll(Enumerable.Range(1, 12).Select(index => Client.CreateAsync($"v{index}")));
        var numbers = await Task.WhenAll(
            Enumerable.Range(1, 12).SelectMany(index => new[] { AddLunAsync($"v{index}", "proxy1"), AddLunAsync($"v{index}", "proxy1") }));
        Assert.Equal(Enumerable.Range(1, 12), numbers.Distinct().Order());
    }

    [Fact]
    public async Task An_answer_to_AddLun_has_an_outcome_for_each_target_of_each_volume()
    {
        await AddTargetAsync("proxy1");
        await Client.CreateAsync("v");
        var answer = await Client.CallAsync("AddLun", new JsonObject
        {
            ["virtualDisks"] = new JsonArray("v", "none"), ["targets"] = new JsonArray("proxy1", "proxy9"), ["readonly"] = "False",
        });
        Assert.Equal("failure", answer["status"]!.GetValue<string>());
        Assert.Equal("InvalidArgument", answer["code"]!.GetValue<string>());
        var items = answer["result"]!.AsArray();
        Assert.Equal(["v", "none"], items.Select(Text("name")), StringComparer.Ordinal);
        Assert.Equal(["failure", "warning"], items.Select(Text("status")), StringComparer.Ordinal);
        Assert.Equal("""{"name":"proxy1","status":"ok","lun":1,"readonly":false}""", items[0]!["targets"]![0]!.ToJsonString());
        Assert.Equal("failure", items[0]!["targets"]![1]!["status"]!.GetValue<string>());
        Assert.Contains("AddTarget", items[0]!["targets"]![1]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("couldn't be found", items[1]!["targets"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        // What could be done is done.
        await Client.OkAsync("GetLun", Pair("v", "proxy1"));
    }

    [Fact]
    public async Task A_LUN_for_reading_only_stays_one()
    {
        await AddTargetAsync("proxy1");
        await Client.CreateAsync("v");
        var map = Map("v", "proxy1");
        map["readonly"] = true;
        await Client.OkAsync("AddLun", map.DeepClone().AsObject());
        await Client.OkAsync("AddLun", map);
        var message = await Client.FailAsync("Conflict", "AddLun", Map("v", "proxy1"));
        Assert.Contains("for reading only, not for reading and writing", message, StringComparison.Ordinal);
        Assert.Equal("""{"lun":1,"readonly":true}""", (await Client.OkAsync("GetLun", Pair("v", "proxy1")))!.ToJsonString());
    }

    [Fact]
    public async Task What_is_not_mapped_is_a_warning_in_the_words_that_clients_match()
    {
        await AddTargetAsync("proxy1");
        await Client.CreateAsync("v");
        foreach (var (type, target) in new[] { ("GetLun", "proxy1"), ("UnmapLun", "proxy1"), ("UnmapLun", "proxy9") })
        {
            var answer = await Client.CallAsync(type, Pair("v", target));
            Assert.Equal("warning", answer["status"]!.GetValue<string>());
            Assert.Contains("is not mapped to the specified controller", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_needs_a_target_says_that_it_is_not_configured_and_how_one_is()
    {
        await Client.CreateAsync("v");
        foreach (var (type, parameters) in new (string, JsonObject)[]
        {
            ("AddLun", Map("v", "proxy1")),
            ("GetLun", Pair("v", "proxy1")),
            ("PersistACLAccess", Rule("v", "proxy1", "iqn", Iqn)),
        })
        {
            var answer = await Client.CallAsync(type, parameters);
            Assert.Equal("failure", answer["status"]!.GetValue<string>());
            Assert.Equal("InvalidArgument", answer["code"]!.GetValue<string>());
            var message = answer["message"]!.GetValue<string>();
            Assert.Contains("No target 'proxy1' is configured", message, StringComparison.Ordinal);
            Assert.Contains("AddTarget", message, StringComparison.Ordinal);
        }

        await AddTargetAsync("proxy2");
        Assert.Contains(
            "configured are 'proxy2' (block)",
            await Client.FailAsync("InvalidArgument", "AddLun", Map("v", "proxy1")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_volume_is_a_warning_whatever_is_asked_of_it()
    {
        await AddTargetAsync("proxy1");
        foreach (var (type, parameters) in new (string, JsonObject)[]
        {
            ("AddLun", Map("none", "proxy1")),
            ("GetLun", Pair("none", "proxy1")),
            ("UnmapLun", Pair("none", "proxy1")),
            ("PersistACLAccess", Rule("none", "proxy1", "iqn", Iqn)),
            ("GetACLInformation", Disk("none")),
            ("RemoveACLAccess", Removal("none", "proxy1", Iqn)),
            ("Mount", Export("none", "proxy1")),
            ("Unmount", Export("none", "proxy1")),
            ("ListExportedTargets", Disk("none")),
        })
        {
            var answer = await Client.CallAsync(type, parameters);
            Assert.True(answer["status"]!.GetValue<string>() is "warning", type);
            Assert.EndsWith("couldn't be found", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_volume_goes_on_a_target_of_its_own_protocol_only()
    {
        await AddTargetAsync("proxy1");
        await AddTargetAsync("nas", "nfs");
        await Client.CreateAsync("v");
        await CreateFileAsync("f");
        var block = await Client.FailAsync("Refused", "AddLun", Map("f", "proxy1"));
        Assert.Contains("type File", block, StringComparison.Ordinal);
        Assert.Contains("type Block", block, StringComparison.Ordinal);
        Assert.Contains("type Block", await Client.FailAsync("Refused", "AddLun", Map("v", "nas")), StringComparison.Ordinal);
        Assert.Contains(
            "protocol nfs",
            await Client.FailAsync("Refused", "PersistACLAccess", Rule("v", "nas", "ip", "10.0.0.1")),
            StringComparison.Ordinal);
        Assert.Contains(
            "no IQN", await Client.FailAsync("Refused", "PersistACLAccess", Rule("f", "nas", "iqn", Iqn)), StringComparison.Ordinal);

        // Terraform shows this message only if the answer as a whole is "ok".
        var mount = await Client.CallAsync("Mount", Export("v", "nas"));
        Assert.Equal("ok", mount["status"]!.GetValue<string>());
        Assert.Equal("Refused", mount["code"]!.GetValue<string>());
        var outcome = Assert.Single(mount["result"]!["exportInfo"]!.AsArray())!;
        Assert.Equal("failure", outcome["status"]!.GetValue<string>());
        Assert.Contains("type Block", outcome["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(
            "AddTarget",
            (await Client.CallAsync("Mount", Export("f", "none")))["result"]!["exportInfo"]![0]!["message"]!.GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Empty((await Client.OkAsync("ListExportedTargets", Disk("v")))!.AsArray());
    }

    [Fact]
    public async Task A_file_volume_is_exported_listed_and_unmounted()
    {
        await AddTargetAsync("nas2", "nfs");
        await AddTargetAsync("nas1", "nfs");
        await CreateFileAsync("f");
        var answer = await Client.OkAsync("Mount", Export("f", "nas2"));
        Assert.Equal("""{"exportInfo":[{"target":"nas2","status":"ok"}]}""", answer!.ToJsonString());
        await MountAsync("f", "nas1");
        await MountAsync("f", "nas2");
        Assert.Equal("""["nas2","nas1"]""", (await Client.OkAsync("ListExportedTargets", Disk("f")))!.ToJsonString());
        var details = await Client.OkAsync("VirtualDiskDetails", Disk("f"));
        Assert.Equal("NFS_MASTER_DISK", details!["diskType"]!.GetValue<string>());
        Assert.Equal("""["nas2","nas1"]""", details["targetLocations"]!.ToJsonString());

        await Client.OkAsync("Unmount", Export("f", "nas2"));
        await Client.OkAsync("Unmount", Export("f", "nas2"));
        await Client.OkAsync("Unmount", Export("f", "never"));
        Assert.Equal("""["nas1"]""", (await Client.OkAsync("ListExportedTargets", Disk("f")))!.ToJsonString());
    }

    [Fact]
    public async Task Access_rules_have_the_address_in_ip_whatever_their_type()
    {
        await AddTargetAsync("proxy1");
        await AddTargetAsync("proxy2");
        await Client.CreateAsync("v");
        foreach (var (target, type, address) in new[]
        {
            ("proxy2", "ip", "10.0.0.0/8"), ("proxy1", "iqn", Iqn), (
                "proxy1", "HOST", "web1.example.com"), ("proxy1", "iqn", "ALL"), ("proxy1", "ip", "2001:db8::1"),
            ("proxy1", "iqn", Iqn),
        })
        {
            var answer = await Client.OkAsync("PersistACLAccess", Rule("v", target, type, address));
            Assert.Equal("""[{"name":"v","status":"ok"}]""", answer!.ToJsonString());
        }

        var rules = (await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray();
        Assert.Equal(["proxy1", "proxy2"], rules.Select(Text("host")), StringComparer.Ordinal);
        var first = rules[0]!["initiator"]!.AsArray();
        Assert.Equal(["2001:db8::1", "ALL", Iqn, "web1.example.com"], first.Select(Text("ip")), StringComparer.Ordinal);
        Assert.Equal(first.Select(Text("ip")), first.Select(Text("name")), StringComparer.Ordinal);
        Assert.Equal(["ip", "iqn", "iqn", "host"], first.Select(Text("type")), StringComparer.Ordinal);
        Assert.Equal("10.0.0.0/8", Assert.Single(rules[1]!["initiator"]!.AsArray())!["ip"]!.GetValue<string>());

        await Client.OkAsync("RemoveACLAccess", Removal("v", "proxy1", Iqn.ToUpperInvariant(), "ALL"));
        rules = (await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray();
        Assert.Equal(["2001:db8::1", "web1.example.com"], rules[0]!["initiator"]!.AsArray().Select(Text("ip")), StringComparer.Ordinal);
        await Client.OkAsync("RemoveACLAccess", Removal("v", "proxy1", Iqn));
        await Client.OkAsync("RemoveACLAccess", Removal("v", "never", Iqn));
        await Client.OkAsync("RemoveACLAccess", new JsonObject { ["virtualDisk"] = "v", ["host"] = "proxy1", ["address"] = "2001:db8::1" });
        rules = (await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray();
        Assert.Equal(["web1.example.com"], rules[0]!["initiator"]!.AsArray().Select(Text("ip")), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("iqn", "web1")]
    [InlineData("iqn", "")]
    [InlineData("ip", "10.0.0.1/8")]
    [InlineData("ip", "web1")]
    [InlineData("host", "10.0.0.1")]
    [InlineData("host", "a b")]
    [InlineData("user", "me")]
    public async Task A_wrong_address_is_refused_and_none_of_its_request_is_kept(string type, string address)
    {
        await AddTargetAsync("proxy1");
        await Client.CreateAsync("v");
        var rule = Rule("v", "proxy1", type, address);
        rule["address"] = new JsonArray("ALL", address);
        var answer = await Client.CallAsync("PersistACLAccess", rule);
        Assert.Equal("InvalidArgument", answer["code"]!.GetValue<string>());
        Assert.Equal(answer["message"]!.GetValue<string>(), answer["result"]![0]!["message"]!.GetValue<string>());
        Assert.Equal("failure", answer["result"]![0]!["status"]!.GetValue<string>());
        Assert.Empty((await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray());
    }

    [Fact]
    public async Task A_host_has_the_initiator_that_was_registered()
    {
        var unknown = await Client.CallAsync("GetIqn", new JsonObject { ["host"] = "web1" });
        Assert.Equal("warning", unknown["status"]!.GetValue<string>());
        Assert.Contains("IQN not found", unknown["message"]!.GetValue<string>(), StringComparison.Ordinal);

        await Client.OkAsync("RegisterIqn", Initiator("web1", Iqn));
        await Client.OkAsync("RegisterIqn", Initiator("WEB1", Iqn.ToUpperInvariant()));
        Assert.Equal(Iqn, (await Client.OkAsync("GetIqn", new JsonObject { ["host"] = "Web1" }))!["iqn"]!.GetValue<string>());
        var other = await Client.FailAsync("Conflict", "RegisterIqn", Initiator("web1", "eui.02004567A425678D"));
        Assert.Contains(Iqn, other, StringComparison.Ordinal);
        Assert.Contains("eui.02004567A425678D", other, StringComparison.Ordinal);
        Assert.Contains(
            "iqn.1993-08", await Client.FailAsync("InvalidArgument", "RegisterIqn", Initiator("web2", "web2")), StringComparison.Ordinal);
        await Client.FailAsync("InvalidArgument", "RegisterIqn", Initiator("web 2", Iqn));
        await Client.OkAsync("RegisterIqn", Initiator("app1", "eui.02004567A425678D"));
        Assert.Equal(
            $$"""{"initiators":[{"host":"app1","iqn":"eui.02004567A425678D"},{"host":"web1","iqn":"{{Iqn}}"}]}""",
            (await Client.OkAsync("ListIqns"))!.ToJsonString());

        await Client.OkAsync("UnregisterIqn", Initiator("web1", "eui.02004567A425678D"));
        await Client.OkAsync("GetIqn", new JsonObject { ["host"] = "web1" });
        await Client.OkAsync("UnregisterIqn", Initiator("web1", Iqn));
        await Client.OkAsync("UnregisterIqn", new JsonObject { ["host"] = "web1" });
        await Client.FailAsync("NotFound", "GetIqn", new JsonObject { ["host"] = "web1" });
    }

    [Fact]
    public async Task A_volume_on_a_target_is_neither_removed_nor_reverted_and_the_refusal_names_the_target()
    {
        await AddTargetAsync("proxy1");
        await AddTargetAsync("proxy2");
        await AddTargetAsync("nas", "nfs");
        await Client.CreateAsync("v");
        await CreateFileAsync("f");
        await Client.SnapshotAsync("v", "s");
        await AddLunAsync("v", "proxy1");
        await AddLunAsync("v", "proxy2");
        await MountAsync("f", "nas");
        Assert.Contains("'proxy1', 'proxy2'", await Client.FailAsync("Busy", "DeleteVDisk", Disks("v")), StringComparison.Ordinal);
        Assert.Contains(
            "'proxy1'",
            await Client.FailAsync("Busy", "RevertVolume", new JsonObject { ["virtualDisk"] = "v", ["snapshotName"] = "s" }),
            StringComparison.Ordinal);
        Assert.Contains("'nas'", await Client.FailAsync("Busy", "DeleteVDisk", Disks("f")), StringComparison.Ordinal);

        await Client.OkAsync("UnmapLun", Pair("v", "proxy1"));
        await Client.OkAsync("UnmapLun", Pair("v", "proxy2"));
        await Client.OkAsync("Unmount", Export("f", "nas"));
        await Client.DeleteAsync("v");
        await Client.DeleteAsync("f");
    }

    [Fact]
    public async Task Rules_go_with_their_volume_and_neither_a_namesake_nor_a_clone_has_them()
    {
        await AddTargetAsync("proxy1");
        await Client.CreateAsync("v");
        await Client.OkAsync("PersistACLAccess", Rule("v", "proxy1", "iqn", "ALL"));
        await AddLunAsync("v", "proxy1");
        await Client.CloneAsync("v", "c");
        Assert.Empty((await Client.OkAsync("GetACLInformation", Disk("c")))!.AsArray());
        Assert.Empty((await Client.OkAsync("VirtualDiskDetails", Disk("c")))!["targetLocations"]!.AsArray());

        await Client.OkAsync("UnmapLun", Pair("v", "proxy1"));
        Assert.Single((await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray());
        await Client.DeleteAsync("v");
        await Client.CreateAsync("v");
        Assert.Empty((await Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray());
        // The rows of the volume that is gone go a moment later, and hold nothing back meanwhile.
        await Client.OkAsync("DeleteTarget", new JsonObject { ["name"] = "proxy1" });
    }

    [Fact]
    public async Task Requests_that_clients_index_have_their_arrays_even_when_they_fail()
    {
        async Task CheckAsync(string status)
        {
            var lun = await Client.CallAsync("AddLun", []);
            Assert.Equal(status, lun["status"]!.GetValue<string>());
            Assert.Equal(status, lun["result"]![0]!["status"]!.GetValue<string>());
            Assert.Equal(status, lun["result"]![0]!["targets"]![0]!["status"]!.GetValue<string>());
            Assert.NotNull(lun["result"]![0]!["targets"]![0]!["message"]);
            var rule = await Client.CallAsync("PersistACLAccess", []);
            Assert.Equal(status, rule["result"]![0]!["status"]!.GetValue<string>());
            var mount = await Client.CallAsync("Mount", []);
            Assert.Equal(status, mount["status"]!.GetValue<string>());
            Assert.Equal(status, Assert.Single(mount["result"]!["exportInfo"]!.AsArray())!["status"]!.GetValue<string>());
            foreach (var type in new[] { "UnmapLun", "GetLun", "GetIqn", "GetACLInformation", "RemoveACLAccess", "Unmount", "ListExportedTargets" })
            {
                var answer = await Client.CallAsync(type, []);
                Assert.Equal(status, answer["status"]!.GetValue<string>());
                Assert.Equal(JsonValueKind.String, answer["message"]!.GetValueKind());
                Assert.Null(answer["result"]);
            }
        }

        await CheckAsync("failure");
        Client.SessionId = "unknown";
        await CheckAsync("session-failure");
    }

    [Fact]
    public async Task What_was_configured_is_there_after_a_start()
    {
        using var directory = new TemporaryDirectory();
        await using (var first = await InProcessHost.StartAsync(directory["data"]))
        {
            await first.Client.OkAsync("AddTarget", Target("proxy1", "block", "web1"));
            await first.Client.CreateAsync("v");
            await first.Client.OkAsync("AddLun", Map("v", "proxy1"));
            await first.Client.OkAsync("PersistACLAccess", Rule("v", "proxy1", "iqn", Iqn));
            await first.Client.CreateAsync("gone");
            await first.Client.OkAsync("PersistACLAccess", Rule("gone", "proxy1", "iqn", Iqn));
        }

        // As a crash in the midst of a removal leaves it.
        CatalogFile.Change(directory["data"], "UPDATE volumes SET state = 2 WHERE name = 'gone'");

        await using (var second = await InProcessHost.StartAsync(directory["data"]))
        {
            Assert.Equal("1", (await second.Client.OkAsync("GetLun", Pair("v", "proxy1")))!["lun"]!.ToJsonString());
            Assert.Single((await second.Client.OkAsync("GetACLInformation", Disk("v")))!.AsArray());
            Assert.Equal("v", Assert.Single(await second.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
        }

        using (var catalog = new CatalogConnection(System.IO.Path.Combine(directory["data"], "catalog.db"), readOnly: true))
        {
            Assert.Equal(1, catalog.Scalar<long>("SELECT count(*) FROM access_rules"));
        }
    }

    private static Func<JsonNode?, string> Text(string member) => node => node![member]!.GetValue<string>();

    private static JsonObject Disk(string volume) => new() { ["virtualDisk"] = volume };

    private static JsonObject Disks(string volume) => new() { ["virtualDisks"] = new JsonArray(volume) };

    private static JsonObject Pair(string volume, string target) => new() { ["virtualDisk"] = volume, ["target"] = target };

    private static JsonObject Map(string volume, string target) =>
        new() { ["virtualDisks"] = new JsonArray(volume), ["targets"] = new JsonArray(target), ["readonly"] = false };

    private static JsonObject Export(string volume, string target) =>
        new() { ["virtualDisk"] = volume, ["targets"] = new JsonArray(target) };

    private static JsonObject Rule(string volume, string target, string type, string address) =>
        new() { ["virtualDisks"] = new JsonArray(volume), ["host"] = target, ["type"] = type, ["address"] = address };

    private static JsonObject Removal(string volume, string target, params string[] addresses) =>
        new()
        {
            ["virtualDisk"] = volume,
            ["host"] = target,
            ["address"] = new JsonArray(addresses.Select(address => (JsonNode)address).ToArray()),
        };

    private static JsonObject Initiator(string host, string iqn) => new() { ["host"] = host, ["iqn"] = iqn };

    private static JsonObject Target(string name, string protocol, params string[] computeHosts) =>
        new()
        {
            ["name"] = name,
            ["protocol"] = protocol,
            ["computeHosts"] = new JsonArray(computeHosts.Select(host => (JsonNode)host).ToArray()),
        };

    private Task<JsonNode?> AddTargetAsync(string name, string protocol = "block", params string[] computeHosts) =>
        Client.OkAsync("AddTarget", Target(name, protocol, computeHosts));

    private async Task<JsonArray> ForHostAsync(string host) =>
        (await Client.OkAsync("ListTargets", new JsonObject { ["computeHost"] = host }))!.AsArray();

    private Task<JsonNode?> CreateFileAsync(string name) =>
        Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = name, ["size"] = "16MB", ["diskType"] = "NFS" });

    private async Task<int> AddLunAsync(string volume, string target) =>
        (await Client.OkAsync("AddLun", Map(volume, target)))![0]!["targets"]![0]!["lun"]!.GetValue<int>();

    private async Task MountAsync(string volume, string target) =>
        Assert.Equal("ok", (await Client.OkAsync("Mount", Export(volume, target)))!["exportInfo"]![0]!["status"]!.GetValue<string>());
}
