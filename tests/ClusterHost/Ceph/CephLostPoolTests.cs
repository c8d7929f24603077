namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Somebody deletes a pool with volumes in it.</summary>
[Collection(CephCollection.Name)]
public sealed class CephLostPoolTests(CephFixture ceph)
{
    [SkippableFact]
    public async Task Its_volumes_are_told_as_damaged_all_others_are_served_and_the_next_create_makes_it_again()
    {
        await using var site = await CephSite.StartAsync(ceph);
        (await site.CreateAsync("lost")).Succeeds();
        (await site.SnapshotAsync("lost", "s")).Succeeds();
        (await site.CreateAsync("kept", copies: 2)).Succeeds();
        var pool = (await site.PlaceOfAsync("lost")).Split('/')[0];
        ceph.RemovePool(pool);

        await GoneAsync(site, "lost");
        (await site.AttachAsync("lost")).Fails("Refused", "is missing in Ceph", TimedAnswer.AtOnce);
        await site.TellsAsync("is missing in Ceph");
        Assert.NotEqual("ok", (await site.SnapshotAsync("lost", "t")).Answer["status"]!.GetValue<string>());
        Assert.NotEqual("ok", (await site.GrowAsync("lost")).Answer["status"]!.GetValue<string>());
        (await site.SnapshotAsync("kept", "s")).Succeeds();
        (await site.AttachAsync("kept")).Succeeds();

        (await site.CreateAsync("new")).Succeeds();
        Assert.Equal(pool, (await site.PlaceOfAsync("new")).Split('/')[0]);
        (await site.AttachAsync("lost")).Fails("Refused", "is missing in Ceph", TimedAnswer.AtOnce);

        (await site.RemoveAsync("lost")).Succeeds();
        await site.AgreeAsync();
    }

    [SkippableFact]
    public async Task A_removal_of_a_lost_volume_succeeds_though_its_pool_is_not_there()
    {
        await using var site = await CephSite.StartAsync(ceph);
        (await site.CreateAsync("lost")).Succeeds();
        (await site.SnapshotAsync("lost", "s")).Succeeds();
        var pool = Assert.Single(site.ListPools());
        ceph.RemovePool(pool);

        await GoneAsync(site, "lost");
        (await site.RemoveAsync("lost")).Succeeds();
        await site.AgreeAsync();
        await site.RestartAsync();

        Assert.Empty(await site.Client.ListVolumesAsync());
        Assert.Empty((await site.Client.OkAsync("Health"))!["problems"]!.AsArray());
    }

    // The OSDs hear of it a moment later.
    private static async Task GoneAsync(CephSite site, string volume)
    {
        var id = (await site.Host.Connect().FindVolumeAsync(volume, CancellationToken.None))!.Id!;
        await Eventually.TrueAsync(async () => await site.Engine.FindDamageAsync(id, 1, seal: null) is not null, "the pool has gone");
    }
}
