using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

internal sealed class OnePool(RadosCluster cluster, string name) : IPlacements
{
    public IReadOnlyCollection<string> Pools { get; private set; } = System.Text.Encoding.UTF8.GetString(cluster.Command("""{"prefix":"osd pool ls"}""")).Contains(name, StringComparison.Ordinal) ? [name] : [];
    public IReadOnlyList<string> Problems => [];
    public int DefaultCopies => 3;
    public void Refresh() { }
    public void Check(VolumeAttributes requested) { }
    public string Require(VolumeAttributes requested, VolumeType type)
    {
        if (Pools.Count == 0)
        {
            cluster.Command($$"""{"prefix":"osd pool create","pool":"{{name}}","pg_num":8}""");
            cluster.Command($$"""{"prefix":"osd pool application enable","pool":"{{name}}","app":"rbd"}""");
            Pools = [name];
        }
        return name;
    }
    public string? Find(VolumeAttributes requested, VolumeType type) => Pools.Count == 0 ? null : name;
    public VolumeAttributes EffectiveOf(string pool) => new() { ReplicationFactor = 3 };
    public VolumeAttributes Effective(VolumeAttributes requested) => requested.ReplicationFactor is null ? VolumeAttributes.None : new() { ReplicationFactor = 3 };
}
