using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Racks and data centers that lose power while volumes are written.</summary>
[Collection(CephCollection.Name)]
public sealed class CephOutageTests(CephFixture ceph) : IDisposable
{
    private static readonly string[] RackOfTwo = ["osd.3", "osd.5"];
    private static readonly string[] FirstCenter = ["osd.0", "osd.1", "osd.4"];
    private static readonly string[] SecondCenter = ["osd.2", "osd.3", "osd.5"];

    private readonly TemporaryDirectory _directory = new();

    [SkippableFact]
    public async Task Volumes_in_racks_are_read_and_written_while_a_rack_is_away()
    {
        using var load = Start("replicationFactor=3,replicationPolicy=RackAware");
        await load.GoOnAsync();

        await LoseAsync(RackOfTwo);
        await load.GoOnAsync();

        await RestoreAsync(RackOfTwo);
        load.EndAndVerify();
    }

    [SkippableFact]
    public async Task Volumes_in_two_data_centers_outlive_the_one_with_fewer_copies_and_wait_for_the_other()
    {
        using var load = Start("replicationFactor=3,replicationPolicy=DataCenterAware,dataCenters=dc1;dc2");
        await load.GoOnAsync();

        await LoseAsync(SecondCenter);
        await load.GoOnAsync();
        await RestoreAsync(SecondCenter);
        await load.GoOnAsync();

        await LoseAsync(FirstCenter);
        await RestoreAsync(FirstCenter);
        await load.GoOnAsync();
        load.EndAndVerify();
    }

    public void Dispose() => _directory.Dispose();

    private WriteLoad Start(string requested)
    {
        var file = _directory["ceph.conf"];
        File.WriteAllText(file, File.ReadAllText(ceph.ConfigFile) + "\n[client.admin]\nrbd_cache=false\n");
        var options = new CephOptions { ConfigFile = file, User = ceph.User, OperationLimit = TimeSpan.FromMinutes(2) };
        using var client = RadosCluster.Connect(options, new CephCalls());
        var pool = new CephPools(client, "outage", "outage").Require(PlacementTests.Parse(requested), VolumeType.Block);
        return new WriteLoad(options, pool);
    }

    private async Task LoseAsync(string[] osds)
    {
        foreach (var osd in osds)
        {
            ceph.Kill(osd);
        }

        await ceph.BeUpAsync(6 - osds.Length);
    }

    private async Task RestoreAsync(string[] osds)
    {
        foreach (var osd in osds)
        {
            ceph.Start(osd);
        }

        await ceph.BeUpAsync(6);
        await ceph.BeCleanAsync();
    }
}
