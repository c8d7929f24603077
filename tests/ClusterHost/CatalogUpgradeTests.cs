using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class CatalogUpgradeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Catalog => _directory["catalog.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_catalog_of_version_1_is_brought_up_to_date_with_everything_still_there()
    {
        MakeVersion1();
        for (var opening = 0; opening < 2; opening++)
        {
            using var catalog = CatalogDatabase.Open(Catalog);
            Assert.Equal(CatalogSchema.Version, catalog.Read(connection => connection.Scalar<long>("PRAGMA user_version")));
            var volume = catalog.Read(connection => connection.FindVolume("v"))!;
            Assert.Equal("id1", volume.Id);
            Assert.Equal(1L << 30, volume.Model.Size);
            Assert.Equal("gold", volume.Model.Policy);
            Assert.Equal(3, volume.Model.Requested.ReplicationFactor);
            Assert.Equal(1, volume.Model.SnapshotCount);
            Assert.Equal("host1", volume.Model.Attachment!.Host);
            Assert.Equal("best", catalog.Read(connection => connection.FindPolicy("gold"))!.Description);
            Assert.Equal((1L << 30) + 4096, catalog.Read(connection => connection.Provisioned()));
            Assert.Equal(1, catalog.Read(connection => connection.VolumeCount()));

            // Whoever was a user before there were roles could do everything.
            Assert.Equal(
                (long)UserRole.SuperUser,
                catalog.Read(
                    connection =>
                        connection.Scalar<long>(
                            "SELECT role FROM users WHERE name = 'admin' AND salt = x'01' AND hash = x'02' AND iterations = 3")));
            await catalog.WriteAsync(connection =>
            {
                if (connection.FindTarget("proxy1") is null)
                {
                    connection.InsertTarget(new Target { Name = "proxy1", ComputeHosts = ["web1"] });
                    connection.InsertLun(volume.Id, connection.FindTarget("proxy1")!.Id, new LunRow(1, ReadOnly: true));
                }
            });
            Assert.Equal(["proxy1:1"], catalog.Read(connection => connection.ListLocations("id1")), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task A_catalog_of_version_3_gets_labels_and_schedules_that_are_empty()
    {
        MakeVersion1();
        Execute(CatalogSchema.Steps[1]);
        Execute(CatalogSchema.Steps[2]);
        Execute(
            """
            INSERT INTO targets VALUES (1, 'proxy1', 0);
            INSERT INTO access_rules VALUES ('id1', 1, '192.0.2.1', 1);
            PRAGMA user_version = 3;
            """);
        using var catalog = CatalogDatabase.Open(Catalog);
        Assert.Empty(catalog.Read(connection => connection.FindVolume("v"))!.Model.Labels);
        Assert.Empty(catalog.Read(connection => connection.ListAllAccessRules()).Single().Labels);
        var snapshot = catalog.Read(connection => connection.FindSnapshot("id1", "s"))!;
        Assert.Empty(snapshot.Model.Labels);
        Assert.Null(snapshot.Model.Frequency);
        var policy = catalog.Read(connection => connection.FindPolicy("gold"))!;
        Assert.Empty(policy.Labels);
        Assert.True(policy.SnapshotSchedule.IsEmpty);
        Assert.Empty(catalog.Read(connection => connection.ListScheduledVolumes()));

        var since = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        await catalog.WriteAsync(
            connection => connection.PutPolicy(policy with { SnapshotSchedule = new SnapshotSchedule { Daily = 7 } }, since));
        Assert.Equal(since, Assert.Single(catalog.Read(connection => connection.ListScheduledVolumes())).Since);
    }

    [Fact]
    public async Task A_catalog_of_version_6_counts_what_policies_have_and_clones_share_from_then_on()
    {
        MakeVersion1();
        foreach (var step in CatalogSchema.Steps.Take(6).Skip(1))
        {
            Execute(step);
        }

        Execute(
            """
            INSERT INTO volumes (id, name, state, type, size, file_system, policy, attributes, protected, description, created_at, source_id, shared) VALUES
                ('clone', 'c', 0, 0, 4096, 0, 'gold', '{}', 0, '', 638000000000000000, 'id1', 700),
                ('begun', 'b', 1, 0, 4096, 0, 'gold', '{}', 0, '', 638000000000000000, 'id1', 30),
                ('gone', 'g', 2, 0, 4096, 0, 'gold', '{}', 0, '', 638000000000000000, 'id1', 5);
            INSERT INTO policies (name, description, attributes) VALUES ('other', '', '{}');
            PRAGMA user_version = 6;
            """);
        using var catalog = CatalogDatabase.Open(Catalog);
        Assert.Equal((2, 0, 730), Figures());

        await catalog.WriteAsync(connection => connection.SetVolumeState("begun", ObjectState.Ready));
        Assert.Equal((3, 0, 730), Figures());
        await catalog.WriteAsync(
            connection =>
                connection.ChangeVolume(
                    "clone", connection.FindVolume("c")!.Model with { Policy = "other" }, VolumeAttributes.None, DateTimeOffset.UnixEpoch));
        Assert.Equal((2, 1, 730), Figures());
        await catalog.WriteAsync(
            connection =>
                connection.ChangeVolume(
                    "id1", connection.FindVolume("v")!.Model with { Policy = null }, VolumeAttributes.None, DateTimeOffset.UnixEpoch));
        Assert.Equal((1, 1, 730), Figures());
        await catalog.WriteAsync(connection => connection.SetVolumeState("clone", ObjectState.Deleting));
        Assert.Equal((1, 0, 30), Figures());
        await catalog.WriteAsync(connection =>
        {
            connection.RemoveVolumeRow("clone");
            connection.RemoveVolumeRow("gone");
            connection.RemoveVolumeRow("begun");
        });
        Assert.Equal((0, 0, 0), Figures());

        (int Gold, int Other, long Shared) Figures() => catalog.Read(connection =>
            (connection.FindPolicy("gold")!.VolumeCount, connection.FindPolicy("other")!.VolumeCount, connection.SharedByClones()));
    }

    [Fact]
    public void A_catalog_of_version_7_is_the_embedded_engines_and_refused_to_another_before_it_changes()
    {
        MakeVersion1();
        foreach (var step in CatalogSchema.Steps.Take(7).Skip(1))
        {
            Execute(step);
        }

        Execute("PRAGMA user_version = 7");
        var error = Assert.Throws<StartException>(() => CatalogDatabase.Open(Catalog, EngineNames.Ceph).Dispose());
        Assert.Contains("--engine embedded", error.Message, StringComparison.Ordinal);
        using (var connection = new CatalogConnection(Catalog, readOnly: true))
        {
            Assert.Equal(7, connection.Scalar<long>("PRAGMA user_version"));
        }

        CatalogDatabase.Open(Catalog, EngineNames.Embedded).Dispose();
        Assert.Throws<StartException>(() => CatalogDatabase.Open(Catalog, EngineNames.Ceph).Dispose());
    }

    [Fact]
    public void A_catalog_keeps_the_engine_of_its_first_start()
    {
        CatalogDatabase.Open(Catalog, EngineNames.Ceph).Dispose();
        CatalogDatabase.Open(Catalog, EngineNames.Ceph).Dispose();
        var error = Assert.Throws<StartException>(() => CatalogDatabase.Open(Catalog, EngineNames.Embedded).Dispose());
        Assert.Contains("--engine ceph", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_whose_upgrade_fails_keeps_its_version_and_its_content()
    {
        MakeVersion1();
        Execute("CREATE TABLE luns (mine TEXT)");
        var error = Assert.Throws<StartException>(() => CatalogDatabase.Open(Catalog).Dispose());
        Assert.Contains("luns", error.Message, StringComparison.Ordinal);
        using var connection = new CatalogConnection(Catalog, readOnly: true);
        Assert.Equal(1, connection.Scalar<long>("PRAGMA user_version"));
        Assert.Equal(0, connection.Scalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'targets'"));
        Assert.Equal(0, connection.Scalar<long>("SELECT count(*) FROM pragma_table_info('users') WHERE name = 'role'"));
        Assert.Equal(1, connection.Scalar<long>("SELECT count(*) FROM volumes"));
    }

    private void MakeVersion1()
    {
        Execute(CatalogSchema.Steps[0]);
        Execute(
            """
            INSERT INTO users VALUES ('admin', x'01', x'02', 3);
            INSERT INTO policies VALUES ('gold', 'best', '{"replicationFactor":3}');
            INSERT INTO volumes (id, name, state, type, size, file_system, policy, attributes, protected, description, created_at)
                VALUES ('id1', 'v', 0, 0, 1073741824, 0, 'gold', '{}', 1, 'mine', 638000000000000000);
            INSERT INTO snapshots VALUES ('id2', 'id1', 's', 'outside', 0, 1073741824, 4096, 638000000000000000);
            INSERT INTO attachments VALUES ('id1', 'host1', 'boot1', 0, 7, 638000000000000000, 638000000000000000, 638000000000000000);
            PRAGMA user_version = 1;
            """);
    }

    private void Execute(string sql)
    {
        using var connection = new CatalogConnection(Catalog, readOnly: false);
        connection.Execute(sql);
    }
}
