using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>
/// OpenStack Cinder's own Hedvig driver, unmodified and as Debian ships it, against the cluster host, whatever engine it has. What the
/// driver did is checked in what the cluster holds, never in what the driver says of itself.
/// </summary>
/// <remarks>What volumes ask for can be given by a Ceph cluster as <see cref="CephDaemons"/> has it.</remarks>
public abstract class CinderDriverContract(CinderFixture cinder)
{
    private const long Gigabyte = 1L << 30;

    private protected ClusterProcess Cluster => cinder.Cluster;

    [SkippableFact]
    public async Task It_connects_and_keeps_a_session_for_the_node_that_it_is_told()
    {
        Need();
        var (_, nodes) = await cinder.OpenAsync(Cluster, Cluster.Node);
        Assert.Equal([Cluster.Node], nodes.AsArray().Select(node => node!.GetValue<string>()));
    }

    [SkippableFact]
    public async Task Its_statistics_are_the_clusters_capacity_in_gigabytes()
    {
        var stats = (await RunAsync("stats")).Result!;
        var capacity = (await Cluster.AskAsync("ClusterInformation"))["capacity"]!;
        // The embedded engine's capacity is what its file system has left, where others write too; what counts here is the unit.
        Assert.Equal(
            capacity["total"]!["value"]!.GetValue<long>() / (double)Gigabyte,
            stats["total_capacity_gb"]!.GetValue<double>(),
            tolerance: 0.5);
        Assert.InRange(stats["free_capacity_gb"]!.GetValue<double>(), 0, stats["total_capacity_gb"]!.GetValue<double>());
    }

    [SkippableFact]
    public async Task A_plain_volume_has_the_size_and_the_drivers_defaults()
    {
        var volume = await MakeAsync(size: 2);
        var found = await FindAsync(volume);
        Assert.Equal(2 * Gigabyte, found["sizeBytes"]!.GetValue<long>());
        Assert.Equal("BLOCK", found["diskType"]!.GetValue<string>());
        Assert.Equal(
            """{"cacheEnabled":false,"compressed":false,"deduplication":false,"replicationFactor":3,"replicationPolicy":"Agnostic","residence":"HDD"}""",
            Sorted(found["requested"]!));
        var details = await Cluster.AskAsync("VirtualDiskDetails", new JsonObject { ["virtualDisk"] = Name(volume) });
        Assert.Equal("""{"units":"GB","value":2}""", details["size"]!.ToJsonString());
    }

    [SkippableTheory]
    [InlineData("""{"compressed_enable":"true"}""", "compressed", "true")]
    [InlineData("""{"compressed_enable":"no"}""", "compressed", "false")]
    [InlineData("""{"dedup_enable":"yes","compressed_enable":"yes"}""", "deduplication", "true")]
    [InlineData("""{"cache_enable":"True"}""", "cacheEnabled", "true")]
    [InlineData("""{"replication_factor":"2"}""", "replicationFactor", "2")]
    [InlineData("""{"replication_policy":"RackAware","replication_factor":"2"}""", "replicationPolicy", "\"RackAware\"")]
    [InlineData("""{"replication_policy":" DataCenterAware\n","replication_factor":"2"}""", "replicationPolicy", "\"DataCenterAware\"")]
    [InlineData("""{"replication_policy":"agnostic"}""", "replicationPolicy", "\"Agnostic\"")]
    [InlineData("""{"disk_residence":"Flash"}""", "residence", "\"Flash\"")]
    [InlineData("""{"disk_residence":"hdd"}""", "residence", "\"HDD\"")]
    [InlineData(
        """{"replication_policy":"DataCenterAware","replication_policy_info":"dc2, dc1"}""", "dataCenters", """["dc2","dc1"]""")]
    [InlineData(
        """{"replication_policy":"RackAware","replication_policy_info":"dc2,dc1","replication_factor":"2"}""",
        "dataCenters",
        """["dc2","dc1"]""")]
    [InlineData("""{"replication_policy_info":"dc2,dc1"}""", "dataCenters", """["dc2","dc1"]""")]
    [InlineData("""{"encryption":"false"}""", "encryption", null)]
    public async Task A_quality_of_service_key_reaches_the_volume(string specs, string member, string? expected)
    {
        var volume = await MakeAsync(specs: JsonNode.Parse(specs)!.AsObject());
        Assert.Equal(expected, (await FindAsync(volume))["requested"]![member]?.ToJsonString());
    }

    [SkippableFact]
    public async Task All_quality_of_service_keys_together_reach_the_volume()
    {
        var volume = await MakeAsync(specs: new JsonObject
        {
            ["dedup_enable"] = "true",
            ["compressed_enable"] = "true",
            ["cache_enable"] = "true",
            ["replication_factor"] = "2",
            ["replication_policy"] = "DataCenterAware",
            ["replication_policy_info"] = "dc1,dc2",
            ["disk_residence"] = "Flash",
            ["encryption"] = "false",
        });
        Assert.Equal(
            """{"cacheEnabled":true,"compressed":true,"dataCenters":["dc1","dc2"],"deduplication":true,"replicationFactor":2,"replicationPolicy":"DataCenterAware","residence":"Flash"}""",
            Sorted((await FindAsync(volume))["requested"]!));
    }

    [SkippableTheory]
    [InlineData("encryption", "true", "Run setkmsinfo command")]
    [InlineData("replication_factor", "9", "a whole number from 1 to 6")]
    [InlineData("replication_policy", "everywhere", "Agnostic or RackAware or DataCenterAware")]
    [InlineData("disk_residence", "tape", "HDD")]
    [InlineData("dedup_enable", "true", "Cannot create dedup enabled disk without compression enabled")]
    public Task What_the_cluster_cannot_keep_is_refused_and_makes_nothing(string key, string value, string reason) =>
        RefusesAsync(new JsonObject { [key] = value }, reason);

    [SkippableFact]
    public async Task A_refused_encryption_ends_in_the_words_that_clients_match()
    {
        var volume = Volume();
        volume["type"] = await TypeAsync(new JsonObject { ["encryption"] = "true" });
        var refused = (await StepAsync("create", new JsonObject { ["volume"] = volume })).Failed();
        Assert.Matches("'message': (\"[^\"]*|'[^']*)Run setkmsinfo command[\"']", refused.Log);
    }

    [SkippableFact]
    public async Task Creating_it_again_is_the_same_volume()
    {
        var volume = await MakeAsync();
        var first = await FindAsync(volume);
        _ = await RunAsync("create", new JsonObject { ["volume"] = volume.DeepClone() });
        Assert.Equal(first["id"]!.GetValue<string>(), (await FindAsync(volume))["id"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task A_snapshot_is_found_by_cinders_identity_and_taken_once()
    {
        var volume = await MakeAsync();
        var snapshot = await SnapshotAsync(volume);
        _ = await RunAsync("snapshot", new JsonObject { ["snapshot"] = snapshot.DeepClone() });
        var found = Assert.Single(await Cluster.SnapshotsAsync(Name(volume)))!;
        Assert.Equal(snapshot["id"]!.GetValue<string>(), found["openstackSID"]!.GetValue<string>());
        Assert.Equal(Gigabyte, found["sizeBytes"]!.GetValue<long>());
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_volume_is_made_from_a_snapshot(int size)
    {
        var volume = await MakeAsync();
        var snapshot = await SnapshotAsync(volume);
        var restored = Volume(size);
        _ = await RunAsync("restore", new JsonObject { ["volume"] = restored.DeepClone(), ["snapshot"] = snapshot.DeepClone() });
        var found = await FindAsync(restored);
        Assert.Equal(size * Gigabyte, found["sizeBytes"]!.GetValue<long>());
        Assert.Equal(Name(volume), found["sourceVolume"]!.GetValue<string>());
        Assert.Equal(
            (await Cluster.SnapshotsAsync(Name(volume))).Single()!["name"]!.GetValue<string>(),
            found["sourceSnapshot"]!.GetValue<string>());
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_volume_is_cloned(int size)
    {
        var volume = await MakeAsync();
        var clone = Volume(size);
        _ = await RunAsync("clone", new JsonObject { ["volume"] = clone.DeepClone(), ["source"] = volume.DeepClone() });
        var found = await FindAsync(clone);
        Assert.Equal(size * Gigabyte, found["sizeBytes"]!.GetValue<long>());
        Assert.Equal(Name(volume), found["sourceVolume"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task A_volume_is_extended_and_never_shrunk()
    {
        var volume = await MakeAsync();
        _ = await RunAsync("extend", new JsonObject { ["volume"] = volume.DeepClone(), ["size"] = 4 });
        Assert.Equal(4 * Gigabyte, (await FindAsync(volume))["sizeBytes"]!.GetValue<long>());
        // Cinder still takes the volume to have 1 GB, so that it is the cluster that refuses.
        _ = (await StepAsync("extend", new JsonObject { ["volume"] = volume.DeepClone(), ["size"] = 2 })).Failed();
        Assert.Equal(4 * Gigabyte, (await FindAsync(volume))["sizeBytes"]!.GetValue<long>());
    }

    [SkippableFact]
    public async Task A_volume_is_deleted_and_deleting_it_again_succeeds()
    {
        var volume = await MakeAsync();
        _ = await RunAsync("delete", new JsonObject { ["volume"] = volume.DeepClone() });
        Assert.Null(await Cluster.FindVolumeAsync(Name(volume)));
        _ = await RunAsync("delete", new JsonObject { ["volume"] = volume.DeepClone() });
    }

    [SkippableTheory]
    [InlineData("nightly")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("it's \"the\" $one\\")]
    public async Task A_snapshot_is_deleted_whatever_it_is_called_and_deleting_it_again_succeeds(string? displayName)
    {
        var volume = await MakeAsync();
        var snapshot = await SnapshotAsync(volume, displayName);
        _ = await SnapshotAsync(volume);
        _ = await RunAsync("forget", new JsonObject { ["snapshot"] = snapshot.DeepClone() });
        Assert.DoesNotContain(
            await Cluster.SnapshotsAsync(Name(volume)),
            left => left!["openstackSID"]!.GetValue<string>() == snapshot["id"]!.GetValue<string>());
        _ = await RunAsync("forget", new JsonObject { ["snapshot"] = snapshot.DeepClone() });
        _ = Assert.Single(await Cluster.SnapshotsAsync(Name(volume)));
        _ = await RunAsync("delete", new JsonObject { ["volume"] = volume.DeepClone() });
        _ = await RunAsync("forget", new JsonObject { ["snapshot"] = snapshot.DeepClone() });
    }

    [SkippableTheory]
    [InlineData("plain", "words")]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("it's", "a 'quoted' one")]
    [InlineData("say \"hello\"", "\"\"")]
    [InlineData("both ' and \"", "\"' '\" '''")]
    [InlineData("$HOME ${x} $(y) `z`", "100 % %s %(a)s {0}")]
    [InlineData("C:\\new\\table\\x41\\u0041\\", "\\\\server\\share\\'")]
    [InlineData("Grüße, Jürgen", "naïve Ångström ß")]
    [InlineData("数据卷", "данные δεδομένα بيانات")]
    [InlineData("\U0001f4be\U0001f680", "\U0001f469\u200d\U0001f4bb\ufe0f")]
    [InlineData("line\nbreak\r\nand\ttab", "\n\n\r")]
    [InlineData("\0\u0001\u001b[31m\u007f", "\u0080\u0085\u009f\u00a0\u00ad")]
    [InlineData("\u00c3\u0085", "\u00c2\u00a0 \u00e9\u0085\u00a0\u0080")]
    [InlineData("\u200b\u2028\u202e\ufeff", "\uffff\U0010ffff\ue000")]
    [InlineData("a&b=c+d%20e;f", "?#{}[],:")]
    public async Task A_description_survives_character_by_character(string? displayName, string? displayDescription)
    {
        var volume = Volume();
        volume["displayName"] = displayName;
        volume["displayDescription"] = displayDescription;
        _ = await RunAsync("create", new JsonObject { ["volume"] = volume.DeepClone() });
        Assert.Equal(
            $"project\n{displayName ?? "None"}\n{displayDescription ?? "None"}",
            (await FindAsync(volume))["description"]!.GetValue<string>());
    }

    [SkippableTheory]
    [InlineData("a b")]
    [InlineData("a/../b")]
    [InlineData("é")]
    [InlineData("a'b\"c")]
    [InlineData("a\n")]
    public async Task A_name_outside_the_rule_is_refused_with_the_rule(string id)
    {
        var volume = Volume();
        volume["id"] = id;
        var refused = (await StepAsync("create", new JsonObject { ["volume"] = volume })).Failed();
        Assert.Contains(
            "A name has letters, digits, '_', '.' and '-'",
            refused.Log.Replace("\\'", "'", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            (await Cluster.AskAsync("ListVolumes"))["volumes"]!.AsArray(), found => found!["name"]!.GetValue<string>() == "volume-" + id);
    }

    [SkippableFact]
    public async Task A_volume_is_attached_and_detached_again_and_again()
    {
        Need();
        const string Initiator = "iqn.1993-08.org.debian:01:web1";
        await using var cluster = await cinder.StartClusterAsync();
        _ = await cluster.AskAsync("AddTarget", new JsonObject { ["name"] = "localhost", ["protocol"] = "block" });
        var (driver, _) = await cinder.OpenAsync(cluster, cluster.Node);
        var volume = Volume();
        _ = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Succeeded();
        JsonObject Arguments(bool all = false) => new()
        {
            ["volume"] = volume.DeepClone(),
            ["connector"] = all ? null : new JsonObject { ["host"] = "web1", ["initiator"] = Initiator },
        };

        for (var round = 0; round < 2; round++)
        {
            var attached = (await StepAsync("attach", Arguments(), driver)).Succeeded().Result!["data"]!;
            Assert.Equal("iqn.2012-05.com.hedvig:storage.localhost-1", attached["target_iqn"]!.GetValue<string>());
            Assert.Equal("127.0.0.1:3260", attached["target_portal"]!.GetValue<string>());
            _ = (await StepAsync("attach", Arguments(), driver)).Succeeded();
            var details = await cluster.AskAsync("VirtualDiskDetails", new JsonObject { ["virtualDisk"] = Name(volume) });
            Assert.Equal("localhost:1", Assert.Single(details["targetLocations"]!.AsArray())!.GetValue<string>());
            var rules = await cluster.AskAsync("GetACLInformation", new JsonObject { ["virtualDisk"] = Name(volume) });
            Assert.Equal(
                ["ALL", Initiator],
                rules[0]!["initiator"]!.AsArray().Select(initiator => initiator!["ip"]!.GetValue<string>()).Order(StringComparer.Ordinal));

            _ = (await StepAsync("delete", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Failed();
            _ = (await StepAsync("detach", Arguments(all: round > 0), driver)).Succeeded();
            _ = (await StepAsync("detach", Arguments(all: round > 0), driver)).Succeeded();
            details = await cluster.AskAsync("VirtualDiskDetails", new JsonObject { ["virtualDisk"] = Name(volume) });
            Assert.Empty(details["targetLocations"]!.AsArray());
        }

        _ = (await StepAsync("delete", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Succeeded();
        Assert.Null(await cluster.FindVolumeAsync(Name(volume)));
    }

    [SkippableTheory]
    [InlineData("stats")]
    [InlineData("create")]
    [InlineData("extend")]
    [InlineData("clone")]
    [InlineData("snapshot")]
    [InlineData("restore")]
    [InlineData("forget")]
    [InlineData("delete")]
    public async Task It_goes_on_by_itself_when_its_session_has_ended(string step)
    {
        Need();
        await using var cluster = await cinder.StartClusterAsync();
        var (driver, _) = await cinder.OpenAsync(cluster, cluster.Node);
        var volume = Volume();
        var snapshot = new JsonObject
        {
            ["id"] = Guid.NewGuid().ToString(),
            ["volume"] = volume.DeepClone(),
            ["displayName"] = "s",
            ["project"] = "project",
        };
        if (step is not "create" and not "stats")
        {
            _ = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Succeeded();
            _ = (await StepAsync("snapshot", new JsonObject { ["snapshot"] = snapshot.DeepClone() }, driver)).Succeeded();
        }

        // Only an orderly end keeps the sessions.
        await cluster.KillAsync();
        await cluster.RunAsync();
        var target = Volume();
        var done = await StepAsync(
            step,
            step switch
            {
                "stats" => [],
                "clone" => new JsonObject { ["volume"] = target.DeepClone(), ["source"] = volume.DeepClone() },
                "restore" => new JsonObject { ["volume"] = target.DeepClone(), ["snapshot"] = snapshot.DeepClone() },
                "snapshot" or "forget" => new JsonObject { ["snapshot"] = snapshot.DeepClone() },
                _ => new JsonObject { ["volume"] = volume.DeepClone(), ["size"] = 2 },
            },
            driver);
        Assert.Contains("session-failure", done.Succeeded().Log, StringComparison.Ordinal);
        var found = await cluster.FindVolumeAsync(Name(step is "clone" or "restore" ? target : volume));
        Assert.Equal(step is "stats" or "delete" ? 0 : (step is "extend" ? 2 : 1) * Gigabyte, found?["sizeBytes"]!.GetValue<long>() ?? 0);
        Assert.Equal(step is "clone" or "restore" or "snapshot" or "extend" ? 1 : 0, (await cluster.SnapshotsAsync(Name(volume))).Count);
    }

    [SkippableFact]
    public async Task Its_session_survives_an_orderly_restart()
    {
        Need();
        await using var cluster = await cinder.StartClusterAsync();
        var (driver, _) = await cinder.OpenAsync(cluster, cluster.Node);
        await cluster.StopAsync();
        await cluster.RunAsync();
        var volume = Volume();
        var done = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Succeeded();
        Assert.DoesNotContain("session-failure", done.Log, StringComparison.Ordinal);
        Assert.NotNull(await cluster.FindVolumeAsync(Name(volume)));
    }

    [SkippableTheory]
    [InlineData("SaveUserProfile", """{"role":"SuperUser"}""", true)]
    [InlineData("SaveUserProfile", """{"role":"ReadOnly"}""", false)]
    [InlineData("ChangePassword", """{"newPassword":"another long password"}""", false)]
    [InlineData("DeleteUser", "{}", false)]
    public async Task A_session_that_an_administrator_has_ended_is_recreated_with_the_rights_that_are_left(
        string type, string change, bool goesOn)
    {
        var (user, driver) = await OpenAsUserAsync("Admin");
        _ = (await StepAsync("create", new JsonObject { ["volume"] = Volume() }, driver)).Succeeded();
        var parameters = JsonNode.Parse(change)!.AsObject();
        parameters["userName"] = user;
        _ = await Cluster.AskAsync(type, parameters);
        var volume = Volume();
        var done = await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver);
        Assert.Contains("session-failure", (goesOn ? done.Succeeded() : done.Failed()).Log, StringComparison.Ordinal);
        Assert.Equal(goesOn, await Cluster.FindVolumeAsync(Name(volume)) is not null);
    }

    [SkippableFact]
    public async Task A_user_who_may_only_read_is_refused_changes_with_the_role_that_they_need()
    {
        var (_, driver) = await OpenAsUserAsync("ReadOnly");
        _ = (await StepAsync("stats", [], driver)).Succeeded();
        var volume = Volume();
        var refused = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Failed();
        Assert.Contains("needs the role Admin", refused.Log, StringComparison.Ordinal);
        Assert.Null(await Cluster.FindVolumeAsync(Name(volume)));
    }

    [SkippableFact]
    public async Task It_goes_on_by_itself_after_an_outage()
    {
        Need();
        await using var cluster = await cinder.StartClusterAsync();
        var (driver, _) = await cinder.OpenAsync(cluster, cluster.Node);
        await cluster.KillAsync();
        var volume = Volume();
        _ = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Failed();
        await cluster.RunAsync();
        Assert.Null(await cluster.FindVolumeAsync(Name(volume)));
        _ = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Succeeded();
        Assert.NotNull(await cluster.FindVolumeAsync(Name(volume)));
    }

    [SkippableFact]
    public async Task A_dead_node_before_the_live_one_is_passed_over()
    {
        Need();
        using var dead = new DeadNode();
        var (driver, nodes) = await cinder.OpenAsync(Cluster, $"{dead.Name}, {Cluster.Node}");
        Assert.Equal([Cluster.Node], nodes.AsArray().Select(node => node!.GetValue<string>()));
        _ = (await StepAsync("create", new JsonObject { ["volume"] = Volume() }, driver)).Succeeded();
    }

    [SkippableFact]
    public async Task A_dead_node_after_the_live_one_in_the_clusters_answer_is_left_out()
    {
        Need();
        using var dead = new DeadNode();
        var port = ClusterProcess.FreePort();
        await using var cluster = await cinder.StartClusterAsync(
            port, "--advertise", $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)},{dead.Name}");
        Assert.Equal(2, (await cluster.AskAsync("ListClusterNodes")).AsArray().Count);
        var (driver, nodes) = await cinder.OpenAsync(cluster, cluster.Node);
        Assert.Equal([cluster.Node], nodes.AsArray().Select(node => node!.GetValue<string>()));
        var volume = Volume();
        _ = (await StepAsync("create", new JsonObject { ["volume"] = volume.DeepClone() }, driver)).Succeeded();
        Assert.NotNull(await cluster.FindVolumeAsync(Name(volume)));
    }

    [SkippableFact]
    public async Task Every_node_of_the_clusters_answer_serves_the_same_volumes()
    {
        Need();
        var port = ClusterProcess.FreePort();
        var names = new[] { "127.0.0.1", "localhost" }.Select(host => $"{host}:{port.ToString(CultureInfo.InvariantCulture)}").ToArray();
        await using var cluster = await cinder.StartClusterAsync(port, "--advertise", string.Join(',', names));
        var (driver, nodes) = await cinder.OpenAsync(cluster, cluster.Node);
        Assert.Equal(names, nodes.AsArray().Select(node => node!.GetValue<string>()));
        // The driver picks a node at random for each request.
        for (var count = 1; count <= 8; count++)
        {
            _ = (await StepAsync("create", new JsonObject { ["volume"] = Volume() }, driver)).Succeeded();
            Assert.Equal(count, (await cluster.AskAsync("ListVolumes"))["volumes"]!.AsArray().Count);
        }
    }

    private static JsonObject Volume(int size = 1) => new()
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["size"] = size,
        ["displayName"] = "name",
        ["displayDescription"] = "description",
        ["project"] = "project",
    };

    private protected static string Name(JsonObject volume) => "volume-" + volume["id"]!.GetValue<string>();

    private static string Sorted(JsonNode node) =>
        new JsonObject(node.AsObject().OrderBy(member => member.Key, StringComparer.Ordinal).Select(
            member => new System.Collections.Generic.KeyValuePair<string,
            JsonNode?>(member.Key, member.Value?.DeepClone()))).ToJsonString();

    private void Need() => Skip.If(cinder.Missing is not null, cinder.Missing);

    private Task<CinderAnswer> StepAsync(string step, JsonObject arguments, string? driver = null)
    {
        Need();
        arguments["step"] = step;
        arguments["driver"] = driver ?? cinder.Driver;
        return cinder.StepAsync(arguments);
    }

    private async Task<CinderAnswer> RunAsync(string step, JsonObject? arguments = null) =>
        (await StepAsync(step, arguments ?? [])).Succeeded();

    private async Task<(string User, string Driver)> OpenAsUserAsync(string role)
    {
        Need();
        const string Password = "a long password with 'quotes' and \"quotes\"";
        var user = "cinder-" + Guid.NewGuid().ToString("N")[..8];
        _ = await Cluster.AskAsync("AddUser", new JsonObject { ["userName"] = user, ["password"] = Password, ["role"] = role });
        return (user, (await cinder.OpenAsync(Cluster, Cluster.Node, user, Password)).Driver);
    }

    private async Task<string> TypeAsync(JsonObject specs) =>
        (await RunAsync("type", new JsonObject { ["name"] = Guid.NewGuid().ToString(), ["specs"] = specs })).Result!.GetValue<string>();

    private protected async Task RefusesAsync(JsonObject specs, string reason)
    {
        var volume = Volume();
        volume["type"] = await TypeAsync(specs);
        var refused = (await StepAsync("create", new JsonObject { ["volume"] = volume })).Failed();
        Assert.Contains(reason, refused.Log, StringComparison.Ordinal);
        Assert.Null(await Cluster.FindVolumeAsync(Name(volume)));
    }

    private protected async Task<JsonObject> MakeAsync(int size = 1, JsonObject? specs = null)
    {
        var volume = Volume(size);
        volume["type"] = specs is null ? null : await TypeAsync(specs);
        _ = await RunAsync("create", new JsonObject { ["volume"] = volume.DeepClone() });
        return volume;
    }

    private async Task<JsonObject> SnapshotAsync(JsonObject volume, string? displayName = "snapshot")
    {
        var snapshot = new JsonObject
        {
            ["id"] = Guid.NewGuid().ToString(),
            ["volume"] = volume.DeepClone(),
            ["displayName"] = displayName,
            ["project"] = "project",
        };
        _ = await RunAsync("snapshot", new JsonObject { ["snapshot"] = snapshot.DeepClone() });
        return snapshot;
    }

    private async Task<JsonNode> FindAsync(JsonObject volume)
    {
        var found = await Cluster.FindVolumeAsync(Name(volume));
        Assert.NotNull(found);
        return found;
    }

    /// <summary>A port that is taken and that nobody listens on: a connection is refused.</summary>
    private sealed class DeadNode : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public DeadNode() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        public string Name => $"127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}";

        public void Dispose() => _socket.Dispose();
    }
}
