using System.Reflection;
using HedvigStorage.ClusterHost.Catalog;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// What the catalog does for one request, counted in SQLite's own steps, in a small catalog and in one that has many times as much of what
/// the request does not touch.
/// </summary>
public sealed class CatalogWorkTests(CatalogWorkTests.Catalogs catalogs) : IClassFixture<CatalogWorkTests.Catalogs>
{
    private const int Few = 40;
    private const int Many = 2_000;

    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names => new(Work.Keys);

    private static Dictionary<string, Action<CatalogConnection>> Work { get; } = new(StringComparer.Ordinal)
    {
        ["look up a volume"] = catalog => Assert.NotNull(catalog.FindVolume("v7")),
        ["look up volumes by name"] = catalog => Assert.Equal(2, catalog.FindVolumes(["v7", "v8"]).Count),
        ["list a page of volumes"] = catalog => Assert.Equal(5, catalog.ListVolumes("v3", pattern: null, names: null, 5).Count),
        ["make a volume with a policy"] = catalog =>
        {
            Assert.True(catalog.HasPolicy("gold"));
            catalog.InsertVolume(Row("new", "gold"));
            Assert.NotNull(catalog.FindVolumeById("id-new"));
        },
        ["give a volume another policy"] = catalog =>
            catalog.ChangeVolume("id-v7", catalog.FindVolume("v7")!.Model with { Policy = "silver" }, VolumeAttributes.None, Now),
        ["remove a volume"] = catalog =>
        {
            Assert.Empty(catalog.ListLocations("id-v9"));
            catalog.SetVolumeState("id-v9", ObjectState.Deleting);
            catalog.RemoveVolumeRow("id-v9");
        },
        ["look up a policy"] = catalog => Assert.InRange(catalog.FindPolicy("gold")!.VolumeCount, Few, Many + 1),
        ["list policies"] = catalog => Assert.Equal(3, catalog.ListPolicies().Count),
        ["make a policy"] = catalog => catalog.PutPolicy(new Policy { Name = "new" }, Now),
        ["change a policy"] = catalog => catalog.PutPolicy(catalog.FindPolicy("gold")! with { Description = "other" }, Now),
        ["refuse to remove a policy in use"] = catalog => Assert.Equal(6, catalog.VolumesOfPolicy("gold", 6).Count),
        ["remove a policy"] = catalog => catalog.RemovePolicy("unused"),
        ["list the snapshots of a volume"] = catalog =>
            Assert.Equal("s", Assert.Single(catalog.ListSnapshots("v7", string.Empty, string.Empty, pattern: null, 10)).Model.Name),
        ["list the snapshots of the last volume"] = catalog =>
            Assert.Single(catalog.ListSnapshots("z", string.Empty, string.Empty, "s*", 10)),
        ["list a page of snapshots"] = catalog => Assert.Equal(5, catalog.ListSnapshots(volume: null, "v3", "s", pattern: null, 5).Count),
        ["make a snapshot"] = catalog =>
        {
            Assert.Null(catalog.FindSnapshot("id-v7", "t"));
            catalog.InsertSnapshot(SnapshotOf("v7", "t"));
            catalog.EndSnapshot("id-v7-t", 4096, seal: null);
        },
        ["look up a snapshot from outside"] = catalog => Assert.NotNull(catalog.FindSnapshotByExternalId("outside-v7")),
        ["remove a snapshot"] = catalog =>
        {
            catalog.BeginSnapshotRemoval("id-v9-s");
            catalog.RemoveSnapshotRow("id-v9-s");
        },
        ["find what a schedule has too many of"] = catalog => Assert.Empty(catalog.ListSurplusSnapshots("id-v7")),
        ["find when a volume's snapshot is due"] = catalog => Assert.NotNull(catalog.FindScheduledVolume("id-v7", SnapshotFrequency.Daily)),
        ["attach"] = catalog => catalog.PutAttachment("id-v7", Lease("v7", "another")),
        ["detach"] = catalog => catalog.RemoveAttachment("id-v9"),
        ["list the leases of a host"] = catalog => Assert.Equal("z", Assert.Single(catalog.ListAttachments("host-z")).Volume),
        ["list all LUNs"] = catalog => Assert.Equal("z", Assert.Single(catalog.ListAllLuns()).Volume),
        ["list all exports"] = catalog => Assert.Empty(catalog.ListAllExports()),
        ["list all access rules"] = catalog => Assert.Equal("z", Assert.Single(catalog.ListAllAccessRules()).Volume),
        ["find a target"] = catalog => Assert.NotNull(catalog.FindTarget("t1")),
        ["look up what was begun"] = catalog => Assert.Empty(catalog.ListBegunVolumes(["v7"])),
        ["look up the totals"] = catalog =>
            Assert.Equal(0, catalog.SharedByClones() + (0 * (catalog.Provisioned() + catalog.VolumeCount()))),
        ["record an event"] = catalog => catalog.PutAuditEvent(Event(100_000)),
        ["list the latest events"] = catalog =>
            Assert.Equal(5, catalog.ListAuditEvents(long.MaxValue, userName: null, type: null, since: null, 5).Count),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_request_does_not_touch_costs_it_nothing(string name)
    {
        var few = CountSteps(catalogs.Small, Work[name]);
        var many = CountSteps(catalogs.Large, Work[name]);
        Assert.True(
            many <= (few * 1.2) + 20,
            string.Create(CultureInfo.InvariantCulture, $"To {name} takes {few} steps with {Few} volumes and {many} with {Many}."));
    }

    private static long CountSteps(CatalogDatabase catalog, Action<CatalogConnection> work) => catalog.WriteAsync(connection =>
    {
        var steps = 0L;
        var database = (
            (SqliteConnection)typeof(CatalogConnection)
                .GetField("_connection", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(connection)!).Handle!;
        connection.Execute("SAVEPOINT work");
        SQLitePCL.raw.sqlite3_progress_handler(
            database,
            1,
            _ =>
            {
                steps++;
                return 0;
            },
            null);
        work(connection);
        SQLitePCL.raw.sqlite3_progress_handler(database, 0, null, null);
        connection.Execute("ROLLBACK TO work");
        connection.Execute("RELEASE work");
        return steps;
    }).GetAwaiter().GetResult();

    private static CatalogDatabase Make(string path, int volumes)
    {
        var catalog = CatalogDatabase.Open(path);
        catalog.WriteAsync(connection => Fill(connection, volumes)).GetAwaiter().GetResult();
        return catalog;
    }

    private static void Fill(CatalogConnection catalog, int volumes)
    {
        foreach (var policy in new[] { "gold", "silver", "unused" })
        {
            catalog.PutPolicy(
                new Policy { Name = policy, SnapshotSchedule = new SnapshotSchedule { Daily = policy == "gold" ? 7 : 0 } }, Now);
        }

        catalog.InsertTarget(new Target { Name = "t1" });
        foreach (var name in Enumerable.Range(0, volumes).Select(
            number => string.Create(CultureInfo.InvariantCulture, $"v{number}")).Append("z"))
        {
            catalog.InsertVolume(Row(name, "gold"));
            catalog.InsertSnapshot(SnapshotOf(name, "s"));
            catalog.PutAttachment("id-" + name, Lease(name, name == "z" ? "host-z" : "host"));
            catalog.PutAuditEvent(Event(catalog.LastAuditEvent() + 1));
        }

        var target = catalog.FindTarget("t1")!.Id;
        catalog.InsertLun("id-z", target, new LunRow(1, ReadOnly: false));
        catalog.PutAccessRule("id-z", target, AccessRuleType.Ip, "192.0.2.1");
    }

    private static VolumeRow Row(string name, string policy) => new()
    {
        Id = "id-" + name,
        State = ObjectState.Ready,
        Own = VolumeAttributes.None,
        Model = new Volume { Name = name, Size = ByteSize.FromMegabytes(64), Policy = policy, CreatedAt = Now },
    };

    private static SnapshotRow SnapshotOf(string volume, string name) => new(
        $"id-{volume}-{name}",
        "id-" + volume,
        ObjectState.Ready,
        new Snapshot
        {
            Volume = volume,
            Name = name,
            ExternalId = name == "s" ? "outside-" + volume : null,
            Size = ByteSize.FromMegabytes(64),
            CreatedAt = Now,
            Frequency = SnapshotFrequency.Daily,
        });

    private static Attachment Lease(string volume, string host) => new()
    {
        Volume = volume,
        Host = host,
        BootId = "boot",
        Mode = AccessMode.ReadWrite,
        Generation = 1,
        AttachedAt = Now,
        RenewedAt = Now,
        ExpiresAt = Now,
    };

    private static AuditEvent Event(long id) => new() { Id = id, At = Now, UserName = "u", Type = "AddVirtualDisk", Outcome = "ok" };

    /// <summary>A small catalog and a large one.</summary>
    public sealed class Catalogs : IDisposable
    {
        private readonly TemporaryDirectory _directory = new();

        public Catalogs()
        {
            Small = Make(_directory["small.db"], Few);
            Large = Make(_directory["large.db"], Many);
        }

        internal CatalogDatabase Small { get; }

        internal CatalogDatabase Large { get; }

        public void Dispose()
        {
            Small.Dispose();
            Large.Dispose();
            _directory.Dispose();
        }
    }
}
