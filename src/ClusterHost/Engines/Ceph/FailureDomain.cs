namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>What two copies of the same data never share.</summary>
internal enum FailureDomain
{
    /// <summary>A machine.</summary>
    Host,

    /// <summary>A rack.</summary>
    Rack,

    /// <summary>A data center.</summary>
    DataCenter,
}
