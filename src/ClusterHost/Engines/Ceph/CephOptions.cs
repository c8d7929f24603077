namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Which Ceph cluster, as whom, and how long is waited.</summary>
internal sealed record CephOptions
{
    public const string DefaultConfigFile = "/etc/ceph/ceph.conf";
    public const string DefaultUser = "hedvig";
    public const string DefaultPrefix = "hv";

    public string ConfigFile { get; init; } = DefaultConfigFile;

    /// <summary>Gets the Ceph user, without <c>client.</c>.</summary>
    public string User { get; init; } = DefaultUser;

    /// <summary>Gets what the names of all pools, rules and images of this cluster begin with.</summary>
    public string Prefix { get; init; } = DefaultPrefix;

    /// <summary>Gets how long one operation on an object, and one command, may take.</summary>
    public TimeSpan OperationLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long one call that copies nothing may take, which is several operations.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often the cluster's health is asked for.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(5);
}
