using System.Text.Json;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The places of a Ceph cluster that is only told about.</summary>
internal static class CrushDump
{
    /// <summary>Gets the places of the cluster that the tests start.</summary>
    public static CrushTopology OfTests { get; } = Of(
        "dc1 r1 h1 ssd", "dc1 r1 h2 hdd", "dc2 r2 h3 ssd", "dc2 r3 h4 hdd", "dc1 r4 h5 ssd", "dc2 r3 h6 hdd");

    /// <summary>Makes places for OSDs, each given as <c>DATACENTER RACK HOST CLASS</c>; <c>-</c> is none.</summary>
    public static CrushTopology Of(params string[] osds)
    {
        var buckets = new Dictionary<string, (int Id, string Type, List<int> Items)>(StringComparer.Ordinal)
        {
            ["default"] = (-1, "root", []),
        };
        var devices = new List<object>();
        foreach (var osd in osds)
        {
            var words = osd.Split(' ');
            var parent = "default";
            foreach (var (name, type) in words.Zip(["datacenter", "rack", "host"]).Where(pair => pair.First != "-"))
            {
                if (!buckets.TryGetValue(name, out var bucket))
                {
                    bucket = (-1 - buckets.Count, type, []);
                    buckets.Add(name, bucket);
                    buckets[parent].Items.Add(bucket.Id);
                }

                parent = name;
            }

            buckets[parent].Items.Add(devices.Count);
            devices.Add(words[3] == "-" ? new { id = devices.Count } : new { id = devices.Count, @class = words[3] });
        }

        return CrushTopology.Read(JsonSerializer.SerializeToElement(new
        {
            devices,
            buckets = buckets.Select(bucket => new
            {
                id = bucket.Value.Id,
                name = bucket.Key,
                type_name = bucket.Value.Type,
                items = bucket.Value.Items.Select(item => new { id = item, weight = 65536 }),
            }),
            rules = Array.Empty<object>(),
        }));
    }
}
