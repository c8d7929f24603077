using System.Text.Json.Nodes;
using HedvigStorage.Client.Cluster;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>A volume whose policy asks for another placement is moved there, and what is told of it is what it has.</summary>
[Collection(CephCollection.Name)]
public sealed class CephMoveTests(CephFixture ceph)
{
    [SkippableFact]
    public async Task A_changed_policy_moves_its_volumes_with_their_content_snapshots_and_clones()
    {
        await using var site = await CephSite.StartAsync(ceph);
        var cluster = site.Host.Connect();
        _ = await PutPolicyAsync(cluster, "gold", 1);
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(16), Policy = "gold" }, CancellationToken.None);
        var before = await site.PlaceOfAsync("v");
        site.Images.Write(before, 0, 1);
        _ = await site.Client.SnapshotAsync("v", "s");
        site.Images.Write(before, 0, 2);
        _ = await site.Client.CloneAsync("v", "c", "s");
        Assert.Equal(1, (await FindAsync(cluster, "v")).Effective.ReplicationFactor);

        _ = await cluster.UpdatePolicyAsync(
            "gold", new PolicyChange { Attributes = new VolumeAttributes { ReplicationFactor = 2 } }, CancellationToken.None);
        foreach (var name in (string[])["v", "c"])
        {
            await Eventually.TrueAsync(
                async () => (await FindAsync(cluster, name)).Effective.ReplicationFactor == 2, () => $"{name} is moved: {site.Log}", seconds: 60);
            Assert.Equal("2", ceph.ReadCeph("osd", "pool", "get", (await site.PlaceOfAsync(name)).Split('/')[0], "size").GetProperty("size").ToString());
        }

        Assert.NotEqual(before, await site.PlaceOfAsync("v"));
        Assert.Equal(2, site.Images.Read(await site.PlaceOfAsync("v"), 0));
        Assert.Equal(1, site.Images.Read(await site.PlaceOfAsync("c"), 0));
        _ = await cluster.RevertVolumeAsync("v", "s", CancellationToken.None);
        Assert.Equal(1, site.Images.Read(await site.PlaceOfAsync("v"), 0));
        var (catalog, stored) = await site.DescribeAsync();
        Assert.Equal(catalog, stored);
    }

    [SkippableFact]
    public async Task A_volume_that_is_attached_is_told_as_it_is_and_moved_when_it_is_detached()
    {
        await using var site = await CephSite.StartAsync(ceph);
        var cluster = site.Host.Connect();
        _ = await PutPolicyAsync(cluster, "gold", 1);
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(16), Policy = "gold" }, CancellationToken.None);
        _ = await site.Client.AttachAsync("v");
        _ = await cluster.UpdatePolicyAsync(
            "gold", new PolicyChange { Attributes = new VolumeAttributes { ReplicationFactor = 2 } }, CancellationToken.None);
        var attached = await FindAsync(cluster, "v");
        Assert.Equal((2, 1), (attached.Requested.ReplicationFactor, attached.Effective.ReplicationFactor));

        _ = await site.Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1" });
        await Eventually.TrueAsync(async () => (await FindAsync(cluster, "v")).Effective.ReplicationFactor == 2, "it is moved", seconds: 60);
    }

    [SkippableFact]
    public async Task A_move_that_was_cut_short_at_any_call_goes_on_after_the_next_start()
    {
        await using var site = await CephSite.StartAsync(ceph);
        var faults = new (string Call, Fault Fault)[]
        {
            ("rbd_migration_prepare", Fault.LostOnTheWay), ("rbd_migration_prepare", Fault.AnswerLost),
            ("rbd_migration_prepare", Fault.KilledBefore), ("rbd_migration_prepare", Fault.KilledAfter),
            ("rbd_migration_execute", Fault.LostOnTheWay), ("rbd_migration_execute", Fault.AnswerLost),
            ("rbd_migration_execute", Fault.KilledBefore), ("rbd_migration_execute", Fault.KilledAfter),
            ("rbd_migration_commit", Fault.LostOnTheWay), ("rbd_migration_commit", Fault.AnswerLost),
            ("rbd_migration_commit", Fault.KilledBefore), ("rbd_migration_commit", Fault.KilledAfter),
        };
        foreach (var (call, fault) in faults)
        {
            var step = $"{call} {fault}";
            var name = $"{call[14..]}-{fault}";
            _ = await site.Host.Connect().CreateVolumeAsync(
                new VolumeSpecification
                {
                    Name = name,
                    Size = ByteSize.FromMegabytes(16),
                    Attributes = new VolumeAttributes { ReplicationFactor = 1 },
                },
                CancellationToken.None);
            site.Images.Write(await site.PlaceOfAsync(name), 0, 7);
            _ = await site.Client.SnapshotAsync(name, "s");
            site.Calls.Watch(call, 0, fault);
            _ = await site.Host.Connect().UpdateVolumeAsync(
                name, new VolumeChange { Attributes = new VolumeAttributes { ReplicationFactor = 2 } }, CancellationToken.None);
            await Eventually.TrueAsync(() => site.Calls.Struck, "it goes wrong: " + step);
            if (fault is Fault.KilledBefore or Fault.KilledAfter)
            {
                await site.RestartAsync();
            }

            await Eventually.TrueAsync(
                async () => (await FindAsync(site.Host.Connect(), name)).Effective.ReplicationFactor == 2, () => $"it is moved: {step}: {site.Log}", seconds: 90);
            Assert.True(site.Images.Read(await site.PlaceOfAsync(name), 0) == 7, "The content has gone: " + step);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                var (catalog, stored) = await site.DescribeAsync();
                return catalog.SequenceEqual(stored);
            },
            "nothing is left");
    }

    private static Task<Policy> PutPolicyAsync(HedvigCluster cluster, string name, int copies) => cluster.CreatePolicyAsync(
        new PolicySpecification { Name = name, Attributes = new VolumeAttributes { ReplicationFactor = copies } }, CancellationToken.None);

    private static async Task<Volume> FindAsync(HedvigCluster cluster, string name) =>
        (await cluster.FindVolumeAsync(name, CancellationToken.None))!;
}
