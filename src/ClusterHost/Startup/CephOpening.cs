using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>Puts the parts of the Ceph engine together.</summary>
internal static class CephOpening
{
    /// <summary>Opens what a cluster has stored in Ceph.</summary>
    /// <exception cref="StartException">Ceph cannot be reached or used: the message says why and what helps.</exception>
    public static IStorageEngine Open(CephOptions options, EngineSite site)
    {
        try
        {
            return CephEngine.Open(options, cluster =>
            {
                var pools = new CephPools(cluster, options.Prefix, site.Cluster, CephFileSystem.Find(cluster, options.Prefix));
                pools.Refresh();
                return pools;
            });
        }
        catch (ClusterException error)
        {
            throw new StartException(error.Message, error);
        }
    }
}
