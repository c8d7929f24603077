namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The tests that share another Ceph cluster, so that they run beside the first ones: both wait more than they work.</summary>
[CollectionDefinition(Name)]
public sealed class SecondCephCollection : ICollectionFixture<CephFixture>
{
    public const string Name = "Ceph, second cluster";
}
