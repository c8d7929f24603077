using HedvigStorage.ClusterHost.Startup;
using HedvigStorage.ClusterHost.Tests.Protocol;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>A host over Ceph with a block volume, a file volume, and a client.</summary>
public sealed class CephRequestTableFixture(CephFixture ceph) : RequestTableFixture
{
    private protected override async Task<IHostSite> StartAsync(Func<HostOptions, HostOptions> configure) =>
        await CephSite.StartAsync(ceph, configure);
}
