using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The disks of a Ceph cluster are full.</summary>
[Collection(CephCollection.Name)]
public sealed class CephFullTests(CephFixture ceph)
{
    // Each must be more than the one before it, or Ceph takes another.
    private static readonly (string Ratio, string Full, string Usual)[] Ratios =
        [("nearfull", "0.0001", "0.85"), ("backfillfull", "0.0002", "0.9"), ("full", "0.0003", "0.95")];

    [SkippableFact]
    public async Task What_takes_space_is_refused_at_once_and_removals_go_on()
    {
        await using var site = await CephSite.StartAsync(ceph);
        foreach (var name in (string[])["v", "w", "cloned"])
        {
            (await site.CreateAsync(name)).Succeeds();
        }

        (await site.SnapshotAsync("w", "before")).Succeeds();
        (await site.CreateAsync("f", "NFS")).Succeeds();
        foreach (var (ratio, full, _) in Ratios)
        {
            _ = ceph.RunCeph("osd", $"set-{ratio}-ratio", full);
        }

        try
        {
            await Eventually.TrueAsync(() => Array.TrueForAll(site.ListPools(), IsFull), "the pools are full", seconds: 60);
            await site.TellsAsync("pool(s) full");

            (await site.CreateAsync("new")).Fails("NoSpace", "full osd(s)", TimedAnswer.AtOnce);
            (await site.CreateAsync("files", "NFS")).Fails("NoSpace", "full osd(s)", TimedAnswer.AtOnce);
            (await site.CloneAsync("cloned", "clone")).Fails("NoSpace", "full osd(s)", TimedAnswer.AtOnce);
            Assert.Equal(0, (await site.Client.OkAsync("ClusterInformation"))!["freeBytes"]!.GetValue<long>());

            (await site.SnapshotAsync("v", "s")).Fails("NoSpace", "full osd(s)", TimedAnswer.AtOnce);
            (await site.GrowAsync("v")).Fails("NoSpace", "full osd(s)", TimedAnswer.AtOnce);
            Assert.Empty((await site.Client.OkAsync("ListSnapshots", new JsonObject { ["virtualDisk"] = "v" }))!["snapshots"]!.AsArray());

            (await site.RemoveAsync("w")).Succeeds();
            (await site.RemoveAsync("f")).Succeeds();
            await site.AgreeAsync();
        }
        finally
        {
            foreach (var (ratio, _, usual) in Ratios.Reverse())
            {
                _ = ceph.RunCeph("osd", $"set-{ratio}-ratio", usual);
            }
        }

        await Eventually.TrueAsync(async () => (await site.CreateAsync("new")).Code is null, "volumes are made again", seconds: 60);
        await Eventually.TrueAsync(
            async () => (await site.CreateAsync("files", "NFS")).Code is null, "volumes with files are made again", seconds: 60);
        (await site.SnapshotAsync("v", "s")).Succeeds();
        (await site.GrowAsync("v")).Succeeds();
        (await site.CloneAsync("cloned", "clone")).Succeeds();
        await Eventually.TrueAsync(() => !Array.Exists(site.ListPools(), IsFull), "the pools have space", seconds: 60);
    }

    private bool IsFull(string pool)
    {
        using var dump = ceph.Client.Ask("osd dump");
        return dump.RootElement.GetProperty("pools").EnumerateArray()
            .First(each => each.GetProperty("pool_name").GetString() == pool)
            .GetProperty("flags_names").GetString()!.Split(',').Contains("full");
    }
}
