using System.Text.Json;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Pools and rules as Ceph's own command line tells them, made with the rights of a cluster host.</summary>
[Collection(CephCollection.Name)]
public sealed class CephPoolsTests(CephFixture ceph) : IDisposable
{
    // The prefix, and the cluster's identity, of the pools of the table: two tests look at them.
    private const string Shared = "table";

    private readonly string _cluster = Guid.NewGuid().ToString();

    private readonly Lazy<RadosCluster> _client = new(() => RadosCluster.Connect(
        new CephOptions { ConfigFile = ceph.ConfigFile, User = ceph.HostUser }, new CephCalls()));

    // Of its own for each test.
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..6];

    /// <summary>Rows of what is asked for, the pool's name behind the prefix, its rule, and what its copies do not share.</summary>
    private static (string Requested, string Pool, string Rule, string Apart)[] Table =>
    [
        ("", "3-host", "default firstn 0 host", "host"),
        ("replicationFactor=1", "1-host", "default firstn 0 host", "host"),
        ("replicationFactor=2,residence=HDD", "2-host-hdd", "default~hdd firstn 0 host", "host"),
        ("replicationFactor=6", "6-host", "default firstn 0 host", "host"),
        ("replicationFactor=2,replicationPolicy=RackAware", "2-rack", "default firstn 0 rack", "rack"),
        ("replicationFactor=3,replicationPolicy=RackAware,residence=Flash,compression=true", "3-rack-ssd-lz4",
            "default~ssd firstn 0 rack", "rack"),
        ("replicationPolicy=RackAware,residence=HDD,compression=false", "2-rack-hdd", "default~hdd firstn 0 rack", "rack"),
        ("replicationPolicy=DataCenterAware,compression=true", "2-dc-lz4", "default firstn 0 datacenter", "datacenter"),
        ("replicationFactor=2,replicationPolicy=DataCenterAware,residence=HDD", "2-dc-hdd",
            "default~hdd firstn 0 datacenter", "datacenter"),
        ("replicationFactor=2,replicationPolicy=DataCenterAware,dataCenters=dc1", "2-dc-66a9ee1b", "dc1 firstn 0 host", "host"),
        ("replicationFactor=3,replicationPolicy=DataCenterAware,dataCenters=dc1;dc2", "3-dc-96cdc4bb",
            "dc1 firstn 2 host, dc2 firstn 1 host", "host"),
        ("replicationFactor=3,replicationPolicy=DataCenterAware,dataCenters=dc2;dc1,residence=HDD", "3-dc-4a6ba712-hdd",
            "dc2~hdd firstn 2 host, dc1~hdd firstn 1 host", "host"),
        ("replicationFactor=4,replicationPolicy=DataCenterAware,dataCenters=dc1;dc2,compression=true", "4-dc-96cdc4bb-lz4",
            "dc1 firstn 2 host, dc2 firstn 2 host", "host"),
    ];

    private RadosCluster Client => _client.Value;

    [SkippableFact]
    public async Task Copies_lie_where_the_policy_says()
    {
        var pools = OpenShared();
        var made = Table.Select(row => pools.Require(PlacementTests.Parse(row.Requested), VolumeType.Block)).ToList();
        Assert.Equal(Table.Select(row => $"{Shared}-{row.Pool}"), made);
        await PlacedAsync(made);

        var there = ListPools().ToDictionary(pool => pool.GetProperty("pool_name").GetString()!);
        var rules = ceph.ReadCeph("osd", "crush", "rule", "dump").EnumerateArray()
            .ToDictionary(rule => rule.GetProperty("rule_id").GetInt32());
        var groups = ReadGroups();
        Assert.All(Table, row =>
        {
            var pool = there[$"{Shared}-{row.Pool}"];
            var requested = PlacementTests.Parse(row.Requested);
            var copies = pool.GetProperty("size").GetInt32();
            Assert.Equal(row.Pool[..1], copies.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(row.Rule, Describe(rules[pool.GetProperty("crush_rule").GetInt32()]));
            Assert.Equal(
                requested.Compression == true ? ("aggressive", "lz4") : ("none", null),
                (ReadOption(pool, "compression_mode"), ReadOption(pool, "compression_algorithm")));
            Assert.Equal(Shared, pool.GetProperty("application_metadata").GetProperty("rbd").GetProperty("hedvig").GetString());

            Assert.All(groups[pool.GetProperty("pool_id").GetInt32()], acting =>
            {
                var devices = acting.Select(id => CrushDump.OfTests.Devices[id]).ToList();
                Assert.Equal(copies, devices.Select(device => device.In(CrushWords.Parse(row.Apart)!.Value)).Distinct().Count());
                if (requested.Residence is { } residence)
                {
                    Assert.All(devices, device => Assert.Equal(residence, DeviceClasses.ResidenceOf(device.DeviceClass)));
                }

                if (requested.DataCenters is { } centers)
                {
                    var shares = Placement.From(requested, CrushDump.OfTests).Shares;
                    Assert.Equal(shares, centers.Select(name => devices.Count(device => device.DataCenter == name)));
                }
            });
        });
    }

    [SkippableFact]
    public void What_a_pool_gives_is_told_with_the_words_of_policies()
    {
        var pools = OpenShared();

        Assert.All(Table, row =>
        {
            var requested = PlacementTests.Parse(row.Requested);
            var given = pools.EffectiveOf(pools.Require(requested, VolumeType.Block));

            Assert.Null(AttributeDifferences.Describe(requested, given));
            Assert.Equal((false, false), (given.CacheEnabled, given.Deduplication));
            Assert.NotNull(given.ReplicationFactor);
            Assert.NotNull(given.ReplicationPolicy);
            Assert.Null(AttributeDifferences.Describe(pools.Effective(requested), given));
        });
        Assert.Empty(pools.Problems);
        Assert.Equal(3, pools.DefaultCopies);
    }

    [SkippableFact]
    public void What_Ceph_never_gives_is_told_as_not_given()
    {
        var pools = Open();
        var requested = PlacementTests.Parse("cacheEnabled=true,deduplication=true,dataCenters=nowhere");
        pools.Check(requested);

        Assert.Equal(
            "dataCenters is none instead of nowhere, cacheEnabled is false instead of true, deduplication is false instead of true",
            AttributeDifferences.Describe(requested, pools.Effective(requested)));
    }

    [SkippableFact]
    public void A_pool_is_made_once_and_found_by_whoever_comes_later()
    {
        var requested = PlacementTests.Parse("replicationPolicy=DataCenterAware,dataCenters=dc1;dc2");
        var first = Open();
        var before = Open();
        before.Refresh();
        Assert.NotNull(before.NameFor(requested, VolumeType.Block));

        var name = first.Require(requested, VolumeType.Block);
        var map = ReadMap();

        Assert.Equal(name, first.NameFor(requested, VolumeType.Block));
        Assert.Equal(name, before.Require(requested, VolumeType.Block));
        Assert.Equal(name, Open().Require(requested, VolumeType.Block));
        Assert.Equal([name], before.Pools);
        Assert.Equal(map, ReadMap());
    }

    [SkippableFact]
    public void Files_have_a_pool_of_their_own_in_the_file_system()
    {
        var pools = Open();

        var name = pools.Require(PlacementTests.Parse("replicationPolicy=RackAware"), VolumeType.File);

        Assert.Equal($"{_prefix}-file-3-rack", name);
        Assert.Contains(name, ceph.RunCeph("fs", "ls"), StringComparison.Ordinal);
        Assert.Equal(ReplicationPolicy.RackAware, pools.EffectiveOf(name).ReplicationPolicy);
        Assert.Empty(pools.Pools);
        Assert.Empty(pools.Problems);
        Assert.Equal(name, Open().Require(PlacementTests.Parse("replicationPolicy=RackAware"), VolumeType.File));
    }

    [SkippableTheory]
    [InlineData("nothing")]
    [InlineData("an application")]
    [InlineData("another cluster's note")]
    public async Task A_pool_of_that_name_that_somebody_else_has_made_is_refused_and_left_alone(string note)
    {
        var name = $"{_prefix}-3-host";
        _ = ceph.RunCeph("osd", "pool", "create", name, "--size", "2");
        if (note != "nothing")
        {
            _ = ceph.RunCeph("osd", "pool", "application", "enable", name, "rbd");
        }

        if (note == "another cluster's note")
        {
            _ = ceph.RunCeph("osd", "pool", "application", "set", name, "rbd", "hedvig", "another");
        }

        // Ceph itself notes in a pool that it is being made, until all of its placement groups are there.
        await Eventually.TrueAsync(() => !ReadPool(name).Contains("creating", StringComparison.Ordinal), "the pool is made");
        var before = ReadPool(name);
        var pools = Open();

        var error = Assert.Throws<ClusterException>(() => pools.Require(VolumeAttributes.None, VolumeType.Block));

        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ReadPool(name));
        Assert.DoesNotContain($"{_prefix}-host", ceph.RunCeph("osd", "crush", "rule", "ls"), StringComparison.Ordinal);
        Assert.Empty(pools.Pools);
    }

    [SkippableTheory]
    [InlineData(VolumeType.Block, "rbd")]
    [InlineData(VolumeType.File, "cephfs")]
    public void A_pool_whose_making_was_cut_short_is_made_whole(VolumeType type, string application)
    {
        var calls = new CutShort(Client);
        var requested = PlacementTests.Parse("compression=true");
        string? name = null;
        while (name is null)
        {
            // Each time it comes one change further, and the next one has to do with what is there.
            calls.Left++;
            calls.Made = 0;
            try
            {
                name = Open(calls).Require(requested, type);
            }
            catch (CephException)
            {
                Assert.Equal(calls.Left, calls.Made);
            }
        }

        Assert.InRange(calls.Left, 5, 20);
        Assert.Equal(
            _cluster, ceph.ReadCeph("osd", "pool", "application", "get", name, application).GetProperty("hedvig").GetString());
        var pools = Open();
        Assert.Equal(name, pools.Require(requested, type));
        Assert.True(pools.EffectiveOf(name).Compression);
        Assert.Empty(pools.Problems);
    }

    // Only later versions than Debian's refuse it when a pool is made.
    [SkippableTheory]
    [InlineData(CephException.Permission, "replicationFactor=1", "mon_allow_pool_size_one")]
    [InlineData(CephException.OutOfRange, "replicationFactor=2", "mon_max_pg_per_osd")]
    public void A_pool_that_Ceph_refuses_is_told_with_what_helps(int error, string requested, string help)
    {
        var refusing = new Replaced(
            Client, "\"osd pool create\"", _ => throw new CephException("rados_mon_command osd pool create", error, "for a reason"));

        var told = Assert.Throws<ClusterException>(() => Open(refusing).Require(PlacementTests.Parse(requested), VolumeType.Block));

        Assert.Equal(ErrorCode.Refused, told.Code);
        Assert.Contains(help, told.Message, StringComparison.Ordinal);
        Assert.Contains("for a reason", told.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_pool_that_was_changed_is_told_and_not_set_right()
    {
        var pools = Open();
        var name = pools.Require(PlacementTests.Parse("replicationFactor=2"), VolumeType.Block);
        _ = ceph.RunCeph("osd", "pool", "set", name, "size", "3");
        pools.Refresh();

        var error = Assert.Throws<ClusterException>(() => pools.Require(PlacementTests.Parse("replicationFactor=2"), VolumeType.Block));

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("replicationFactor=3", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", Assert.Single(pools.Problems), StringComparison.Ordinal);
        Assert.Equal(3, pools.EffectiveOf(name).ReplicationFactor);
        Assert.Equal(3, ceph.ReadCeph("osd", "pool", "get", name, "size").GetProperty("size").GetInt32());
    }

    [SkippableFact]
    public void A_rule_of_that_name_that_does_something_else_is_refused()
    {
        _ = ceph.RunCeph("osd", "crush", "rule", "create-replicated", $"{_prefix}-rack", "default", "host");

        var error = Assert.Throws<ClusterException>(
            () => Open().Require(PlacementTests.Parse("replicationPolicy=RackAware"), VolumeType.Block));

        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains($"'{_prefix}-rack'", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Somebody_else_who_changes_the_map_meanwhile_loses_nothing()
    {
        var other = $"{_prefix}-other";
        var race = new Between(
            Client, "osd setcrushmap", () => ceph.RunCeph("osd", "crush", "rule", "create-replicated", other, "default", "host"));

        var name = Open(race).Require(PlacementTests.Parse("replicationPolicy=DataCenterAware,dataCenters=dc2;dc1"), VolumeType.Block);

        Assert.Equal(2, race.Times);
        var rules = ceph.RunCeph("osd", "crush", "rule", "ls").Split('\n');
        Assert.Contains(other, rules);
        Assert.Contains(name, rules);
    }

    [SkippableFact]
    public void A_map_that_is_not_known_wholly_is_refused_and_not_changed()
    {
        var version = ReadMap();
        var unknown = new Replaced(Client, "osd getcrushmap", map => map[..^1]);

        var error = Assert.Throws<ClusterException>(
            () => Open(unknown).Require(PlacementTests.Parse("replicationPolicy=DataCenterAware,dataCenters=dc2;dc1"), VolumeType.Block));

        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Equal(version, ReadMap());
        Assert.DoesNotContain(_prefix, ceph.RunCeph("osd", "pool", "ls"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (!_client.IsValueCreated)
        {
            return;
        }

        _client.Value.Dispose();

        // Placement groups take time whenever an OSD comes back.
        foreach (var pool in CephMap.Read(ceph.Client).Pools.Keys.Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            if (!pool.StartsWith(_prefix + "-file", StringComparison.Ordinal))
            {
                ceph.Client.Run("osd pool delete", ("pool", pool), ("pool2", pool), ("yes_i_really_really_mean_it", true));
            }
        }
    }

    private static string Describe(JsonElement rule)
    {
        var steps = rule.GetProperty("steps").EnumerateArray().ToList();
        return string.Join(", ", steps.Chunk(3).Select(part =>
            $"{part[0].GetProperty("item_name")} {part[1].GetProperty("op").GetString()!["chooseleaf_".Length..]} "
                + $"{part[1].GetProperty("num")} {part[1].GetProperty("type")}"));
    }

    private static int PoolOf(JsonElement group) =>
        int.Parse(group.GetProperty("pgid").GetString()!.Split('.')[0], CultureInfo.InvariantCulture);

    private static string? ReadOption(JsonElement pool, string option) =>
        pool.GetProperty("options").TryGetProperty(option, out var value) ? value.GetString() : null;

    private List<JsonElement> ListPools() => [.. ceph.ReadCeph("osd", "pool", "ls", "detail").EnumerateArray()];

    private CephPools OpenShared() => new(Client, Shared, Shared);

    private CephPools Open(ICephMonitor? monitor = null) => new(monitor ?? Client, _prefix, _cluster);

    private Dictionary<int, List<int[]>> ReadGroups() => ceph.ReadCeph("pg", "dump", "pgs_brief").GetProperty("pg_stats").EnumerateArray()
        .GroupBy(PoolOf)
        .ToDictionary(
            pool => pool.Key,
            pool => pool.Select(group => group.GetProperty("acting").EnumerateArray().Select(osd => osd.GetInt32()).ToArray()).ToList());

    // The manager hears of placement groups later than the monitors.
    private async Task PlacedAsync(IReadOnlyList<string> pools)
    {
        var expected = ListPools().Where(pool => pools.Contains(pool.GetProperty("pool_name").GetString()!))
            .ToDictionary(pool => pool.GetProperty("pool_id").GetInt32(), pool => pool.GetProperty("pg_num").GetInt32());
        await Eventually.TrueAsync(
            () =>
            {
                using var dump = ceph.Client.Manager.Ask("pg dump");
                var groups = dump.RootElement.GetProperty("pg_map").GetProperty("pg_stats").EnumerateArray();
                var known = groups.CountBy(PoolOf).ToDictionary();
                return expected.All(pool => known.GetValueOrDefault(pool.Key) == pool.Value);
            },
            "all placement groups are known",
            seconds: 60);
        await ceph.BeCleanAsync();
    }

    private string ReadPool(string name) => ListPools()
        .Single(pool => pool.GetProperty("pool_name").GetString() == name).GetRawText();

    private byte[] ReadMap() => Client.Command(CephCommand.Write("osd getcrushmap"));

    /// <summary>Loses the connection after some changes.</summary>
    private sealed class CutShort(ICephMonitor monitor) : ICephMonitor
    {
        public int Left { get; set; }

        public int Made { get; set; }

        public byte[] Command(string json, ReadOnlySpan<byte> input = default)
        {
            var changes = !json.Contains("\"format\"", StringComparison.Ordinal);
            if (changes && Made == Left)
            {
                throw new CephException("rados_mon_command", CephException.TimedOut);
            }

            Made += changes ? 1 : 0;
            return monitor.Command(json, input);
        }
    }

    /// <summary>Answers a command with something else.</summary>
    private sealed class Replaced(ICephMonitor monitor, string prefix, Func<byte[], byte[]> change) : ICephMonitor
    {
        public byte[] Command(string json, ReadOnlySpan<byte> input = default)
        {
            var answer = monitor.Command(json, input);
            return json.Contains(prefix, StringComparison.Ordinal) ? change(answer) : answer;
        }
    }

    /// <summary>Lets something happen just before the first command of a kind.</summary>
    private sealed class Between(ICephMonitor monitor, string prefix, Action happens) : ICephMonitor
    {
        public int Times { get; private set; }

        public byte[] Command(string json, ReadOnlySpan<byte> input = default)
        {
            if (json.Contains(prefix, StringComparison.Ordinal) && Times++ == 0)
            {
                happens();
            }

            return monitor.Command(json, input);
        }
    }
}
