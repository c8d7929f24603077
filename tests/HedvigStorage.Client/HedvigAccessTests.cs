using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

public sealed class HedvigAccessTests : IDisposable
{
    private const string Iqn = "iqn.1993-08.org.debian:01:web1";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScriptedCluster _server = new();
    private readonly ScriptedCluster _plain = new(extension: false);

    public void Dispose()
    {
        _server.Dispose();
        _plain.Dispose();
    }

    [Fact]
    public async Task Targets_of_a_plain_hedvig_are_listed_and_those_for_neither_kind_of_volume_left_out()
    {
        _plain.On(
            "ListTargets", Ok("""[{"target":"p1","protocol":"block"},{"target":"o1","protocol":"s3"},{"target":"n1","protocol":"NFS"}]"""));
        using var cluster = _plain.Connect();

        var targets = await cluster.Access.ListTargetsAsync(null, None);
        _ = await cluster.Access.ListTargetsAsync("web1", None);

        Assert.Equal(["p1", "n1"], targets.Select(target => target.Name), StringComparer.Ordinal);
        Assert.Equal([TargetProtocol.Block, TargetProtocol.Nfs], targets.Select(target => target.Protocol));
        Assert.False(_plain.SeenOf("ListTargets")[0].Body.TryGetProperty("params", out _));
        Assert.Equal("web1", _plain.SeenOf("ListTargets")[1].Parameters.GetProperty("computeHost").GetString());
        Assert.Equal("VirtualDiskManagement", _plain.SeenOf("ListTargets")[0].Category);
    }

    [Fact]
    public async Task Targets_are_configured_changed_and_removed()
    {
        const string Target = """{"target":{"target":"p1","protocol":"nfs","computeHosts":["web1"]}}""";
        _server.On("AddTarget", Ok(Target));
        _server.On("UpdateTarget", Ok(Target));
        _server.On("DeleteTarget", Failed("warning", "The target 'p1' couldn't be found", "NotFound"));
        using var cluster = _server.Connect();

        var made = await cluster.Access.CreateTargetAsync(
            new Target { Name = "p1", Protocol = TargetProtocol.Nfs, ComputeHosts = ["web1"] }, None);
        _ = await cluster.Access.UpdateTargetAsync("p1", [], None);
        await cluster.Access.DeleteTargetAsync("p1", None);

        Assert.Equal("web1", Assert.Single(made.ComputeHosts));
        Assert.Equal("""{"name":"p1","protocol":"nfs","computeHosts":["web1"]}""", _server.SeenOf("AddTarget")[0].Parameters.GetRawText());
        Assert.Equal("""{"name":"p1","computeHosts":[]}""", _server.SeenOf("UpdateTarget")[0].Parameters.GetRawText());
        Assert.Equal("HedvigStorage", _server.SeenOf("DeleteTarget")[0].Category);
    }

    public static TheoryData<string> ExtensionOnly => ["create", "update", "delete", "list", "register", "unregister"];

    [Theory]
    [MemberData(nameof(ExtensionOnly))]
    public async Task What_needs_the_extension_says_so_and_sends_nothing_else(string what)
    {
        using var cluster = _plain.Connect();
        var access = cluster.Access;

        var error = await Assert.ThrowsAsync<ClusterException>(() => what switch
        {
            "create" => access.CreateTargetAsync(new Target { Name = "p1" }, None),
            "update" => access.UpdateTargetAsync("p1", [], None),
            "delete" => access.DeleteTargetAsync("p1", None),
            "list" => access.ListInitiatorsAsync(None),
            "register" => access.RegisterInitiatorAsync(new HostInitiator("web1", Iqn), None),
            _ => access.UnregisterInitiatorAsync("web1", None),
        });

        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Contains("needs the HedvigStorage extension", error.Message, StringComparison.Ordinal);
        Assert.Equal(["Login", "Capabilities"], _plain.Seen.Select(request => request.Type), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_LUN_is_added_with_one_request_to_a_cluster_host()
    {
        _server.On("AddLun", Ok("""[{"name":"v","status":"ok","targets":[{"name":"p1","status":"ok","lun":7,"readonly":true}]}]"""));
        using var cluster = _server.Connect();

        var lun = await cluster.Access.AddLunAsync("v", "p1", readOnly: true, None);

        Assert.Equal(new Lun { Volume = "v", Target = "p1", Number = 7, ReadOnly = true }, lun);
        Assert.Equal(
            """{"virtualDisks":["v"],"targets":["p1"],"readonly":true}""", Assert.Single(_server.SeenOf("AddLun")).Parameters.GetRawText());
        Assert.Empty(_server.SeenOf("GetLun"));
    }

    [Fact]
    public async Task A_LUN_is_added_to_a_plain_hedvig_only_if_there_is_none_and_asked_for_after()
    {
        var mapped = false;
        _plain.On(
            "GetLun", _ => mapped ? Ok("""{"lun":3}""") : Failed("warning", "Virtual disk v is not mapped to the specified controller"));
        _plain.On("AddLun", _ =>
        {
            mapped = true;
            return Ok("""[{"name":"v","status":"ok","targets":[{"name":"p1","status":"ok"}]}]""");
        });
        using var cluster = _plain.Connect();

        var first = await cluster.Access.AddLunAsync("v", "p1", readOnly: false, None);
        var second = await cluster.Access.AddLunAsync("v", "p1", readOnly: false, None);

        Assert.Equal(new Lun { Volume = "v", Target = "p1", Number = 3 }, first);
        Assert.Equal(first, second);
        Assert.Single(_plain.SeenOf("AddLun"));
    }

    public static TheoryData<string, string, string> Failures => new()
    {
        { "AddLun", """[{"status":"failure","message":"broken"}]""", "broken" },
        { "AddLun", """[{"status":"ok","targets":[{"status":"failure","message":"The volume is in use."}]}]""", "The volume is in use." },
        { "AddLun", """[{"status":"ok","targets":[]}]""", "targets[0]" },
        { "AddLun", """[{"status":"ok"}]""", "targets[0]" },
        { "AddLun", "[]", "result" },
        { "Mount", """{"exportInfo":[{"target":"p1","status":"failure","message":"broken while trying to get handle to p1"}]}""", "broken while trying to get handle to p1" },
        { "Mount", """{"exportInfo":[]}""", "exportInfo[0]" },
        { "Mount", "{}", "exportInfo[0]" },
        { "Mount", "[]", "result" },
        { "PersistACLAccess", """[{"status":"failure","message":"broken"}]""", "broken" },
        { "PersistACLAccess", "[]", "result" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_failed_inside_an_answer_that_is_ok_is_an_error(string type, string result, string told)
    {
        _server.On(type, Ok(result));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => type switch
        {
            "AddLun" => cluster.Access.AddLunAsync("v", "p1", readOnly: false, None),
            "Mount" => cluster.Access.AddExportAsync("v", "p1", None),
            _ => cluster.Access.AddRuleAsync(Rule(AccessRuleType.Iqn, Iqn), None),
        });

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Equal(
            told.Contains("in use", StringComparison.Ordinal)
                ? ErrorCode.Busy
                : told.Contains("broken", StringComparison.Ordinal)
                ? ErrorCode.Internal
                : ErrorCode.Protocol,
            error.Code);
    }

    [Fact]
    public async Task The_code_of_an_answer_that_is_ok_is_that_of_what_failed_inside()
    {
        _server.On("Mount", """{"status":"ok","code":"Refused","message":"no","result":{"exportInfo":[{"target":"p1","status":"failure","message":"no"}]}}""");
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.Access.AddExportAsync("v", "p1", None));

        Assert.Equal(ErrorCode.Refused, error.Code);
    }

    [Theory]
    [InlineData("warning", "The volume 'v' is not mapped to the specified controller 'p1'", "NotFound")]
    [InlineData("failure", "v is not mapped to the specified controller", null)]
    [InlineData("warning", "no such mapping", null)]
    public async Task A_volume_that_is_not_mapped_has_no_LUN(string status, string message, string? code)
    {
        _server.On("GetLun", Failed(status, message, code));
        using var cluster = _server.Connect();

        Assert.Null(await cluster.Access.FindLunAsync("v", "p1", None));
    }

    [Fact]
    public async Task A_negative_number_is_not_a_LUN()
    {
        _server.On("GetLun", Ok("""{"lun":-1}"""));
        using var cluster = _server.Connect();

        Assert.Null(await cluster.Access.FindLunAsync("v", "p1", None));
    }

    [Fact]
    public async Task A_LUN_without_a_number_is_not_an_answer()
    {
        _server.On("GetLun", Ok("{}"));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.Access.FindLunAsync("v", "p1", None));

        Assert.Contains("result.lun", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("warning", "The volume 'v' couldn't be found", null, ErrorCode.NotFound)]
    [InlineData("warning", "The volume 'v' couldn't be found", "NotFound", ErrorCode.NotFound)]
    [InlineData("failure", "The catalog is locked.", "Internal", ErrorCode.Internal)]
    [InlineData("failure", "No target 'p1' is configured on this cluster.", "InvalidArgument", ErrorCode.InvalidArgument)]
    public async Task An_outage_or_a_missing_volume_is_never_read_as_not_mapped(
        string status, string message, string? code, ErrorCode expected)
    {
        _server.On("GetLun", Failed(status, message, code));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.Access.FindLunAsync("v", "p1", None));

        Assert.Equal(expected, error.Code);
    }

    [Fact]
    public async Task Luns_are_listed_by_where_the_volume_can_be_reached()
    {
        _plain.On(
            "VirtualDiskDetails",
            Ok("""{"vDiskName":"v","size":{"units":"GB","value":1},"diskType":"BLOCK","targetLocations":["p1:4","p2","p1:4"]}"""));
        _plain.On(
            "GetLun", request => request.Parameters.GetProperty("target").GetString() is "p1" ? Ok("""{"lun":4}""") : Ok("""{"lun":9}"""));
        using var cluster = _plain.Connect();

        var luns = await cluster.Access.ListLunsAsync("v", None);

        Assert.Equal(["p1:4", "p2:9"], luns.Select(lun => lun.ToString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Removing_what_is_gone_succeeds()
    {
        foreach (var server in new[] { _server, _plain })
        {
            server.On("UnmapLun", Failed("warning", "v is not mapped to the specified controller"));
            foreach (var type in new[] { "Unmount", "RemoveACLAccess", "UnregisterIqn" })
            {
                server.On(type, Failed("warning", "Virtual disk couldn't be found"));
            }

            using var cluster = server.Connect();
            await cluster.Access.RemoveLunAsync("v", "p1", None);
            await cluster.Access.RemoveExportAsync("v", "p1", None);
            await cluster.Access.RemoveRuleAsync("v", "p1", Iqn, None);
        }

        Assert.Equal(
            $$"""{"virtualDisk":"v","host":"p1","address":["{{Iqn}}"]}""", _server.SeenOf("RemoveACLAccess")[0].Parameters.GetRawText());
        Assert.Equal("""{"virtualDisk":"v","targets":["p1"]}""", _server.SeenOf("Unmount")[0].Parameters.GetRawText());
    }

    [Theory]
    [InlineData("UnmapLun", """{"status":"failure","message":"The catalog is locked."}""")]
    [InlineData("Unmount", """{"status":"failure","message":"The catalog is locked."}""")]
    [InlineData("Unmount", """{"status":"ok","result":[{"name":"p1","status":"failure","message":"The catalog is locked."}]}""")]
    [InlineData("RemoveACLAccess", """{"status":"failure","message":"The catalog is locked."}""")]
    public async Task A_removal_that_failed_is_an_error(string type, string answer)
    {
        _server.On(type, answer);
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => type switch
        {
            "UnmapLun" => cluster.Access.RemoveLunAsync("v", "p1", None),
            "Unmount" => cluster.Access.RemoveExportAsync("v", "p1", None),
            _ => cluster.Access.RemoveRuleAsync("v", "p1", Iqn, None),
        });

        Assert.Equal("The catalog is locked.", error.Message);
    }

    [Fact]
    public async Task Exports_are_added_once_to_a_plain_hedvig_and_listed()
    {
        var exported = new List<string>();
        _plain.On("ListExportedTargets", _ => Ok("[" + string.Join(',', exported.Select(target => $"\"{target}\"")) + "]"));
        _plain.On("Mount", request =>
        {
            exported.Add(request.Parameters.GetProperty("targets")[0].GetString()!);
            return Ok("""{"exportInfo":[{"target":"n1","status":"ok","message":""}]}""");
        });
        using var cluster = _plain.Connect();

        _ = await cluster.Access.AddExportAsync("f", "n1", None);
        var export = await cluster.Access.AddExportAsync("f", "n1", None);

        Assert.Equal(new Export { Volume = "f", Target = "n1" }, export);
        Assert.Equal(export, Assert.Single(await cluster.Access.ListExportsAsync("f", None)));
        Assert.Single(_plain.SeenOf("Mount"));
    }

    [Fact]
    public async Task The_types_of_rules_are_told_by_a_cluster_host_and_guessed_of_a_plain_hedvig()
    {
        _server.On(
            "GetACLInformation",
            Ok("""[{"host":"p1","initiator":[{"ip":"ALL","name":"ALL","type":"host"}]},{"host":"p2","initiator":[]}]"""));
        _plain.On(
            "GetACLInformation",
            Ok($$"""[{"host":"p1","initiator":[{"ip":"{{Iqn}}","name":""},{"ip":"10.0.0.1","name":"x"},{"ip":"","name":"web1"}]}]"""));
        using var cluster = _server.Connect();
        using var plain = _plain.Connect();

        Assert.Equal(Rule(AccessRuleType.Host, "ALL"), Assert.Single(await cluster.Access.ListRulesAsync("v", None)));
        Assert.Equal(
            [Rule(AccessRuleType.Iqn, Iqn), Rule(AccessRuleType.Ip, "10.0.0.1"), Rule(AccessRuleType.Host, "web1")],
            await plain.Access.ListRulesAsync("v", None));
    }

    [Fact]
    public async Task A_rule_is_sent_as_hedvigs_own_clients_send_it()
    {
        _plain.On("PersistACLAccess", Ok("""[{"name":"v","status":"ok"}]"""));
        using var cluster = _plain.Connect();

        await cluster.Access.AddRuleAsync(Rule(AccessRuleType.Iqn, Iqn), None);

        Assert.Equal(
            $$"""{"virtualDisks":["v"],"host":"p1","type":"iqn","address":"{{Iqn}}"}""",
            _plain.SeenOf("PersistACLAccess")[0].Parameters.GetRawText());
    }

    [Fact]
    public async Task Initiators_are_found_registered_and_listed()
    {
        _server.On(
            "GetIqn",
            request =>
                request.Parameters.GetProperty("host").GetString() is "web1"
                    ? Ok($$"""{"iqn":"{{Iqn}}"}""")
                    : Failed("warning", "IQN not found"));
        _server.On("RegisterIqn", Ok($$"""{"host":"web1","iqn":"{{Iqn}}"}"""));
        _server.On("ListIqns", Ok($$"""{"initiators":[{"host":"web1","iqn":"{{Iqn}}"}]}"""));
        _server.On("UnregisterIqn", Ok("{}"));
        using var cluster = _server.Connect();
        var expected = new HostInitiator("web1", Iqn);

        Assert.Equal(expected, await cluster.Access.RegisterInitiatorAsync(expected, None));
        Assert.Equal(expected, await cluster.Access.FindInitiatorAsync("web1", None));
        Assert.Null(await cluster.Access.FindInitiatorAsync("web2", None));
        Assert.Equal(expected, Assert.Single(await cluster.Access.ListInitiatorsAsync(None)));
        await cluster.Access.UnregisterInitiatorAsync("web1", None);
        _server.On("GetIqn", Failed("failure", "The catalog is locked."));
        _ = await Assert.ThrowsAsync<ClusterException>(() => cluster.Access.FindInitiatorAsync("web1", None));
    }

    private static AccessRule Rule(AccessRuleType type, string address) =>
        new() { Volume = "v", Target = "p1", Type = type, Address = address };
}
