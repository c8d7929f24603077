namespace HedvigStorage;

/// <summary>What a target serves volumes by.</summary>
public enum TargetProtocol
{
    /// <summary>iSCSI, for volumes of type <see cref="VolumeType.Block"/> (Hedvig: <c>block</c>).</summary>
    Block,

    /// <summary>NFS, for volumes of type <see cref="VolumeType.File"/> (Hedvig: <c>nfs</c>).</summary>
    Nfs,
}

/// <summary>A target: a Hedvig controller, the host through which other hosts reach volumes.</summary>
public sealed record Target : ClusterObject
{
    /// <summary>Gets the name: that of a host, as those who use it resolve it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it serves volumes by.</summary>
    public TargetProtocol Protocol { get; init; }

    /// <summary>Gets the hosts that it serves first; empty on a cluster that does not tell them.</summary>
    public IReadOnlyList<string> ComputeHosts { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
