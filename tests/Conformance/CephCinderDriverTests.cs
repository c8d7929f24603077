using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>Cinder's driver against a cluster host over Ceph.</summary>
public sealed class CephCinderDriverTests(CephCinderFixture cinder) : CinderDriverContract(cinder), IClassFixture<CephCinderFixture>
{
    [SkippableFact]
    public async Task A_volume_is_an_image_of_its_size_in_a_pool_with_the_copies_that_it_asks_for()
    {
        var volume = await MakeAsync(size: 2, new JsonObject { ["replication_factor"] = "2", ["disk_residence"] = "Flash" });
        var place = await PlaceOfAsync(volume);
        Assert.Equal(2L << 30, (long)cinder.AskCeph("rbd", "info", place)["size"]!);
        Assert.Equal(2, (int)cinder.AskCeph("ceph", "osd", "pool", "get", place.Split('/')[0], "size")["size"]!);
    }

    [SkippableFact]
    public Task Copies_that_have_no_room_are_refused_with_what_is_there() => RefusesAsync(
        new JsonObject { ["replication_factor"] = "4", ["disk_residence"] = "Flash" },
        "4 copies on a host each need 4 hosts with disks of the class ssd, and this Ceph cluster has 3: h1, h3, h5.");

    private async Task<string> PlaceOfAsync(JsonObject volume)
    {
        var holder = Guid.NewGuid().ToString();
        var answer = await Cluster.AskAsync(
            "Attach",
            new JsonObject { ["virtualDisk"] = Name(volume), ["host"] = "h", ["bootId"] = holder, ["machineId"] = holder });
        return answer["device"]!["path"]!.GetValue<string>();
    }
}
