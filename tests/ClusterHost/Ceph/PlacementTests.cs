using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>What is asked for, and where it goes on a cluster with given places.</summary>
public sealed class PlacementTests
{
    /// <summary>Rows of what is asked for, the pool, and the rule's parts as PLACE COPIES DOMAIN.</summary>
    public static TheoryData<string, string, string> Placed => new()
    {
        { "", "hv-3-host", "default 0 Host" },
        { "replicationFactor=2", "hv-2-host", "default 0 Host" },
        { "replicationFactor=1", "hv-1-host", "default 0 Host" },
        { "replicationFactor=6", "hv-6-host", "default 0 Host" },
        { "replicationPolicy=Agnostic,residence=HDD", "hv-3-host-hdd", "default~hdd 0 Host" },
        { "replicationFactor=3,replicationPolicy=RackAware", "hv-3-rack", "default 0 Rack" },
        { "replicationFactor=3,replicationPolicy=RackAware,residence=Flash,compression=true", "hv-3-rack-ssd-lz4", "default~ssd 0 Rack" },
        { "replicationPolicy=RackAware,residence=HDD", "hv-2-rack-hdd", "default~hdd 0 Rack" },
        { "replicationPolicy=DataCenterAware", "hv-2-dc", "default 0 DataCenter" },
        { "replicationFactor=2,replicationPolicy=DataCenterAware,residence=Flash", "hv-2-dc-ssd", "default~ssd 0 DataCenter" },
        { "replicationFactor=2,replicationPolicy=DataCenterAware,dataCenters=dc1", "hv-2-dc-66a9ee1b", "dc1 0 Host" },
        { "replicationPolicy=DataCenterAware,dataCenters=dc1;dc2", "hv-3-dc-96cdc4bb", "dc1 2 Host, dc2 1 Host" },
        { "replicationPolicy=DataCenterAware,dataCenters=dc2;dc1", "hv-3-dc-4a6ba712", "dc2 2 Host, dc1 1 Host" },
        {
            "replicationFactor=4,replicationPolicy=DataCenterAware,dataCenters=dc1;dc2,compression=true", "hv-4-dc-96cdc4bb-lz4",
            "dc1 2 Host, dc2 2 Host"
        },
        {
            "replicationFactor=3,replicationPolicy=DataCenterAware,dataCenters=dc2;dc1,residence=HDD", "hv-3-dc-4a6ba712-hdd",
            "dc2~hdd 2 Host, dc1~hdd 1 Host"
        },
        { "replicationPolicy=RackAware,dataCenters=nowhere", "hv-3-rack", "default 0 Rack" },
        { "encryption=true,cacheEnabled=true,deduplication=true", "hv-3-host", "default 0 Host" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        {
            "replicationFactor=4,residence=Flash",
            "Refused: 4 copies on a host each need 4 hosts with disks of the class ssd, and this Ceph cluster has 3: h1, h3, h5. "
                + "Ask for 3 copies or fewer."
        },
        {
            "replicationFactor=5,replicationPolicy=RackAware",
            "Refused: 5 copies in a rack each need 5 racks, and this Ceph cluster has 4: r1, r2, r3, r4. "
                + "Ask for 4 copies or fewer, or for another replication policy."
        },
        {
            "replicationFactor=3,replicationPolicy=DataCenterAware",
            "Refused: 3 copies in a data center each need 3 data centers, and this Ceph cluster has 2: dc1, dc2. "
                + "Ask for 2 copies or fewer, or name the data centers that the copies are spread over."
        },
        {
            "replicationPolicy=DataCenterAware,dataCenters=dc1;zurich",
            "Refused: There is no data center 'zurich': this Ceph cluster has 2 data centers: dc1, dc2."
        },
        {
            "replicationPolicy=DataCenterAware,dataCenters=dc1;dc1",
            "InvalidArgument: The data center 'dc1' is given twice: name each one once."
        },
        {
            "replicationFactor=1,replicationPolicy=DataCenterAware,dataCenters=dc1;dc2",
            "InvalidArgument: 1 copy cannot be in 2 data centers (dc1, dc2). Ask for 2 copies or more, or name fewer data centers."
        },
        {
            "replicationFactor=3,replicationPolicy=DataCenterAware,dataCenters=dc1;dc2,residence=HDD",
            "Refused: 3 copies in dc1, dc2 need 2 hosts with disks of the class hdd in the data center 'dc1', which has 1: h2. "
                + "Ask for fewer copies, or name it later in the list: the first ones get the copies that do not go evenly."
        },
    };

    [Theory]
    [MemberData(nameof(Placed))]
    public void What_is_asked_for_has_a_pool_and_a_rule(string requested, string pool, string rule)
    {
        var placement = Placement.From(Parse(requested), CrushDump.OfTests);

        Assert.Equal(pool, placement.PoolName("hv", VolumeType.Block));
        Assert.Equal(rule, string.Join(", ", placement.Takes("default").Select(take => $"{take.Item} {take.Copies} {take.Domain}")));
    }

    [Theory]
    [MemberData(nameof(Placed))]
    public void What_a_pool_gives_is_read_back_from_its_copies_and_rule(string requested, string pool, string rule)
    {
        _ = (pool, rule);
        var placement = Placement.From(Parse(requested), CrushDump.OfTests);

        var read = Placement.Of(placement.Copies, placement.Takes("default"), placement.Compressed, CrushDump.OfTests);

        Assert.Equal(placement, read);
        Assert.Equal(placement.Attributes, read!.Attributes);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_has_no_room_is_refused_with_what_is_there(string requested, string refusal)
    {
        var error = Assert.Throws<ClusterException>(() => Placement.From(Parse(requested), CrushDump.OfTests));

        Assert.Equal(refusal, $"{error.Code}: {error.Message}");
    }

    [Fact]
    public void Images_and_files_are_in_pools_of_their_own()
    {
        var placement = Placement.From(Parse("replicationPolicy=RackAware"), CrushDump.OfTests);

        Assert.Equal("hv-file-3-rack", placement.PoolName("hv", VolumeType.File));
        Assert.Equal("x-3-rack", placement.PoolName("x", VolumeType.Block));
    }

    [Fact]
    public void A_small_cluster_keeps_as_many_copies_as_it_has_hosts()
    {
        Assert.Equal(2, Placement.From(VolumeAttributes.None, CrushDump.Of("- - a ssd", "- - b ssd", "- - b ssd")).Copies);
        Assert.Equal(1, Placement.From(VolumeAttributes.None, CrushDump.Of("- - a -", "- - a -")).Copies);
    }

    [Fact]
    public void Flash_is_NVMe_where_there_is_nothing_else()
    {
        var requested = Parse("replicationFactor=2,residence=Flash");

        Assert.Equal("nvme", Placement.From(requested, CrushDump.Of("- - a nvme", "- - b nvme", "- - c hdd")).DeviceClass);
        Assert.Equal("ssd", Placement.From(requested, CrushDump.Of("- - a nvme", "- - b ssd", "- - c ssd")).DeviceClass);
    }

    [Theory]
    [InlineData(
        "residence=Flash",
        "Residence Flash needs OSDs of the device class ssd or nvme, and this Ceph cluster has only hdd. "
            + "Leave the residence out for any disk.")]
    [InlineData(
        "replicationPolicy=RackAware",
        "1 copy needs 1 rack, and this Ceph cluster has none. Ask for another replication policy.")]
    [InlineData(
        "replicationFactor=2,replicationPolicy=DataCenterAware",
        "2 copies in a data center each need 2 data centers, and this Ceph cluster has none. Ask for another replication policy.")]
    [InlineData(
        "replicationPolicy=DataCenterAware,dataCenters=dc1",
        "There is no data center 'dc1': this Ceph cluster has no data centers.")]
    public void A_cluster_without_racks_says_so(string requested, string refusal) =>
        Assert.Equal(
            refusal,
            Assert.Throws<ClusterException>(() => Placement.From(Parse(requested), CrushDump.Of("- - a hdd", "- - b hdd"))).Message);

    [Fact]
    public void A_cluster_without_OSDs_says_so() =>
        Assert.Equal(
            "1 copy needs 1 host, and this Ceph cluster has none. Add OSDs first.",
            Assert.Throws<ClusterException>(() => Placement.From(VolumeAttributes.None, CrushDump.Of())).Message);

    [Fact]
    public void Placements_are_compared_by_value()
    {
        var requested = Parse("replicationPolicy=DataCenterAware,dataCenters=dc1;dc2");

        Assert.Equal(Placement.From(requested, CrushDump.OfTests), Placement.From(requested, CrushDump.OfTests));
        Assert.NotEqual(
            Placement.From(requested, CrushDump.OfTests),
            Placement.From(Parse("replicationPolicy=DataCenterAware,dataCenters=dc2;dc1"), CrushDump.OfTests));
    }

    internal static VolumeAttributes Parse(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(
        VolumeAttributes.None,
        (attributes, pair) => AttributeTable.Find(pair.Split('=')[0])!.With(attributes, pair.Split('=')[1].Replace(';', ',')));
}
