namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The tests that share one Ceph cluster, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class CephCollection : ICollectionFixture<CephFixture>
{
    public const string Name = "Ceph";
}
