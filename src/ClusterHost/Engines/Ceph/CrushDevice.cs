namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>An OSD that takes data, and where it stands.</summary>
/// <param name="Id">Its number.</param>
/// <param name="DeviceClass">The kind of its disk, such as <c>ssd</c>, if Ceph knows it.</param>
/// <param name="Host">The name of its host, or <see langword="null"/> if it is on none.</param>
/// <param name="Rack">The name of its rack, or <see langword="null"/> if it is in none.</param>
/// <param name="DataCenter">The name of its data center, or <see langword="null"/> if it is in none.</param>
internal sealed record CrushDevice(int Id, string? DeviceClass, string? Host, string? Rack, string? DataCenter)
{
    /// <summary>Gets the name of what it stands in, or <see langword="null"/>.</summary>
    public string? In(FailureDomain domain) => domain switch
    {
        FailureDomain.Host => Host,
        FailureDomain.Rack => Rack,
        _ => DataCenter,
    };
}
