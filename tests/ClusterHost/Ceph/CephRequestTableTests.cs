using HedvigStorage.ClusterHost.Tests.Protocol;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The table of requests against a host over Ceph.</summary>
[Collection(SecondCephCollection.Name)]
public sealed class CephRequestTableTests(CephRequestTableFixture fixture)
    : RequestTableContract(fixture), IClassFixture<CephRequestTableFixture>;
