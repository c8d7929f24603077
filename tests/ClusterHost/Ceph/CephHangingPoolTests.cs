namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>All OSDs of a pool hang.</summary>
[Collection(CephCollection.Name)]
public sealed class CephHangingPoolTests(CephFixture ceph)
{
    private static readonly TimeSpan Operation = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Call = TimeSpan.FromSeconds(10);
    private static readonly string[] Flash = ["osd.0", "osd.2", "osd.4"];

    [SkippableFact]
    public async Task Calls_to_it_fail_in_time_and_no_call_to_another_pool_waits()
    {
        await using var site = await CephSite.StartAsync(
            ceph, limit: options => options with { OperationLimit = Operation, CallLimit = Call });
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            (await site.CreateAsync("flash-" + name, residence: "Flash")).Succeeds();
        }

        (await site.CreateAsync("disk", residence: "HDD")).Succeeds();
        List<TimedAnswer> others = [];
        Array.ForEach(Flash, ceph.Stop);
        try
        {
            var hanging = Task.WhenAll(
                site.CreateAsync("flash-new", residence: "Flash"),
                site.SnapshotAsync("flash-a", "s"),
                site.CloneAsync("flash-b", "clone"),
                site.GrowAsync("flash-c"),
                site.AttachAsync("flash-d"));
            for (var round = 0; !hanging.IsCompleted; round++)
            {
                others.Add(await site.CreateAsync($"disk-{round}", residence: "HDD"));
                others.Add(await site.SnapshotAsync($"disk-{round}", "s"));
                others.Add(await site.GrowAsync($"disk-{round}"));
                others.Add(await site.RemoveAsync($"disk-{round}"));
                Assert.NotEmpty(await site.Client.ListVolumesAsync());
            }

            others.ForEach(answer => answer.Succeeds());
            var failed = await hanging;
            Assert.All(failed, answer => answer.Fails("Unreachable", "Ceph did not answer in time", 3 * Call));
            Assert.True(others.Max(answer => answer.Took) < failed.Min(answer => answer.Took), string.Join('\n', others));
            await site.TellsAsync("osds down");
        }
        finally
        {
            Array.ForEach(Flash, ceph.Continue);
            await ceph.BeUpAsync(6);
            await ceph.BeCleanAsync();
        }

        (await site.SnapshotAsync("flash-a", "s")).Succeeds();
        (await site.CreateAsync("flash-new", residence: "Flash")).Succeeds();
        await site.AgreeAsync();
    }
}
