using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Volumes that share data with each other are removed in any order.</summary>
[Collection(CephCollection.Name)]
public sealed class CephRemovalTests(CephFixture ceph)
{
    [SkippableFact]
    public async Task A_clone_can_be_removed_while_it_is_given_a_copy_of_what_it_shares_with_its_removed_source()
    {
        await using var site = await CephSite.StartAsync(ceph);
        _ = await site.Client.CreateAsync("source");
        site.Images.Write(await site.PlaceOfAsync("source"), 0, 1);
        _ = await site.Client.SnapshotAsync("source", "s");
        _ = await site.Client.CloneAsync("source", "clone", "s");
        using (var copy = site.Calls.Hold("rbd_flatten"))
        {
            _ = await site.Client.DeleteAsync("source");
            await Eventually.TrueAsync(() => copy.HasCome, "the copy has begun");
            _ = await site.Client.DeleteAsync("clone");
        }

        await Eventually.TrueAsync(() => site.ListPools().All(pool => !site.Images.List([pool]).Any()), "nothing is left in Ceph", seconds: 30);
    }

    [SkippableFact]
    public async Task A_volume_that_another_client_of_Ceph_has_open_is_not_removed()
    {
        await using var site = await CephSite.StartAsync(ceph);
        _ = await site.Client.CreateAsync("v");
        using (site.Images.Open(await site.PlaceOfAsync("v")))
        {
            var answer = await site.Client.CallAsync("DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("v") });
            Assert.Contains("is in use through the Ceph client", answer.ToJsonString(), StringComparison.Ordinal);
        }

        _ = await site.Client.DeleteAsync("v");
    }
}
