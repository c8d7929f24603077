namespace HedvigStorage.ClusterHost.Observability;

/// <summary>Who may read the metrics, which need no login.</summary>
internal enum MetricsAccess
{
    /// <summary>Processes of this machine.</summary>
    Loopback,

    /// <summary>Everybody who reaches the port.</summary>
    Public,

    /// <summary>Nobody.</summary>
    Off,
}
