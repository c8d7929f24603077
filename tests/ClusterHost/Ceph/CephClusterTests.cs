using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The cluster that the other tests rely on is what its description says.</summary>
[Collection(CephCollection.Name)]
public sealed class CephClusterTests(CephFixture ceph)
{
    [SkippableFact]
    public void Its_OSDs_are_in_the_racks_and_data_centers_that_it_names()
    {
        var nodes = ceph.ReadCeph("osd", "tree").GetProperty("nodes").EnumerateArray().ToList();
        var parents = nodes.Where(node => node.TryGetProperty("children", out _))
            .SelectMany(node => node.GetProperty("children").EnumerateArray().Select(child => (child.GetInt32(), node)))
            .ToDictionary(pair => pair.Item1, pair => pair.node);
        var places = nodes.Where(node => node.GetProperty("type").GetString() == "osd").Select(node =>
        {
            var host = parents[node.GetProperty("id").GetInt32()];
            var rack = parents[host.GetProperty("id").GetInt32()];
            var center = parents[rack.GetProperty("id").GetInt32()];
            var names = new[] { node, host, rack, center }.Select(each => each.GetProperty("name").GetString());
            return string.Join(' ', names.Append(node.GetProperty("device_class").GetString()));
        });

        Assert.Equal(
            [
                "osd.0 h1 r1 dc1 ssd",
                "osd.1 h2 r1 dc1 hdd",
                "osd.2 h3 r2 dc2 ssd",
                "osd.3 h4 r3 dc2 hdd",
                "osd.4 h5 r4 dc1 ssd",
                "osd.5 h6 r3 dc2 hdd",
            ],
            places.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task A_killed_OSD_is_told_and_comes_back_to_its_place()
    {
        ceph.Kill("osd.5");
        await ceph.BeUpAsync(5);

        ceph.Start("osd.5");
        await ceph.BeUpAsync(6);
        await ceph.BeCleanAsync();

        Assert.Contains("h6", ceph.RunCeph("osd", "find", "5"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_hanging_OSD_is_told_and_goes_on()
    {
        ceph.Stop("osd.5");
        try
        {
            await ceph.BeUpAsync(5);
        }
        finally
        {
            ceph.Continue("osd.5");
        }

        await ceph.BeUpAsync(6);
        await ceph.BeCleanAsync();
    }

    // Opening and closing read-only clones with six threads on two of librados's ended librbd 16.2.15 in three of five runs of 30 s, and on
    // one in none.
    [SkippableFact]
    public void The_library_completes_calls_on_one_thread_for_with_two_it_may_end_the_process()
    {
        using var client = RadosCluster.Connect(CephSite.Options(ceph, CephSite.NewPrefix()), new CephCalls());
        Assert.Equal("1", client.GetOption("librados_thread_count"));
    }
}
