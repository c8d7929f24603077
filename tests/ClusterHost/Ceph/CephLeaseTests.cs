namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>A lease over Ceph is given to one host, on any machine, and to no other before that one is known to be gone.</summary>
[Collection(CephCollection.Name)]
public sealed class CephLeaseTests(CephFixture ceph)
{
    [SkippableFact]
    public async Task A_lease_is_not_taken_over_from_a_holder_that_may_still_open_the_volume()
    {
        await using var site = await CephSite.StartAsync(ceph);
        using var cluster = site.Host.Connect();
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(16), Takeover = TakeoverPolicy.Fenced },
            CancellationToken.None);
        Assert.Equal("ok", (await site.Client.AttachAsync("v", "host1", "boot1", "machine1"))["status"]!.GetValue<string>());

        var refused = await site.Client.AttachAsync("v", "host2", "boot2", "machine2");
        Assert.Contains("attached to the host 'host1'", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);

        _ = await cluster.FenceAttachmentAsync("v", CancellationToken.None);
        Assert.Equal("ok", (await site.Client.AttachAsync("v", "host2", "boot2", "machine2"))["status"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task A_lease_is_not_ended_while_a_client_of_Ceph_has_the_volume_open()
    {
        await using var site = await CephSite.StartAsync(ceph);
        using var cluster = site.Host.Connect();
        _ = await site.Client.CreateAsync("v");
        _ = await site.Client.AttachAsync("v", "host1", "boot1", "machine1");
        using (site.Images.Open(await site.PlaceOfAsync("v")))
        {
            var refusal = await Assert.ThrowsAsync<ClusterException>(() => cluster.FenceAttachmentAsync("v", CancellationToken.None));
            Assert.Contains("has it open", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal("host1", (await cluster.FenceAttachmentAsync("v", CancellationToken.None))!.Host);
    }
}
