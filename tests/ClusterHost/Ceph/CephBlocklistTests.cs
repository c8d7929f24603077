namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Somebody puts the cluster host's own address on Ceph's blocklist.</summary>
[Collection(CephCollection.Name)]
public sealed class CephBlocklistTests(CephFixture ceph)
{
    [SkippableFact]
    public async Task Every_call_and_health_tell_it_at_once_and_a_restart_mends_it()
    {
        await using var site = await CephSite.StartAsync(ceph);
        foreach (var name in (string[])["v", "w"])
        {
            (await site.CreateAsync(name)).Succeeds();
        }

        var address = site.Address;
        _ = ceph.RunCeph("osd", "blocklist", "add", address);
        try
        {
            await site.TellsAsync($"its address {address} is on the blocklist");
            await ceph.KnowNewestMapAsync();
            (await site.CreateAsync("new")).Fails("Unreachable", "Restart hv-cluster", TimedAnswer.AtOnce);
            (await site.SnapshotAsync("v", "s")).Fails("Unreachable", "Restart hv-cluster", TimedAnswer.AtOnce);
            (await site.CloneAsync("v", "clone")).Fails("Unreachable", "Restart hv-cluster", TimedAnswer.AtOnce);
            (await site.GrowAsync("v")).Fails("Unreachable", "Restart hv-cluster", TimedAnswer.AtOnce);
            (await site.AttachAsync("v")).Fails("Unreachable", "Restart hv-cluster", TimedAnswer.AtOnce);
            (await site.RemoveAsync("w")).Fails("Unreachable", "Restart hv-cluster", TimedAnswer.AtOnce);
            Assert.Equal(2, (await site.Client.ListVolumesAsync()).Count);
            Assert.Empty((await site.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());

            await site.RestartAsync();

            (await site.SnapshotAsync("v", "s")).Succeeds();
            (await site.CreateAsync("new")).Succeeds();
            (await site.RemoveAsync("w")).Succeeds();
            Assert.Empty((await site.Client.OkAsync("Health"))!["problems"]!.AsArray());
            await site.AgreeAsync();
        }
        finally
        {
            _ = ceph.RunCeph("osd", "blocklist", "rm", address);
        }
    }
}
