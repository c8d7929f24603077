using HedvigStorage.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage;

/// <summary>
/// Which cluster is meant: a connection, as <c>Connect-HvCluster</c> returned it; the name or address of an open connection; the name of a
/// saved profile; an embedded cluster, as <c>Start-HvCluster</c> returned it; or the cluster that an object came from.
/// </summary>
public sealed class ClusterReference
{
    /// <summary>Means a connection.</summary>
    /// <param name="cluster">The connection.</param>
    public ClusterReference(ConnectedCluster cluster) => Connected = cluster ?? throw new ArgumentNullException(nameof(cluster));

    /// <summary>Means an open connection or a profile by its name, or an open connection by its address.</summary>
    /// <param name="name">The name or address.</param>
    public ClusterReference(string name) =>
        Name = string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("The name of the cluster is empty.", nameof(name)) : name;

    /// <summary>Means an open connection by its address.</summary>
    /// <param name="address">The address.</param>
    public ClusterReference(Uri address) => Name = (address ?? throw new ArgumentNullException(nameof(address))).OriginalString;

    /// <summary>Means an embedded cluster of this machine, whose credential file tells who logs in.</summary>
    /// <param name="host">The cluster.</param>
    public ClusterReference(ClusterHostStatus host) => Host = host ?? throw new ArgumentNullException(nameof(host));

    /// <summary>Means the cluster that an object came from.</summary>
    /// <param name="origin">What the object holds of it.</param>
    public ClusterReference(ClusterOrigin origin)
    {
        Connected = SessionConnections.Find(origin ?? throw new ArgumentNullException(nameof(origin)));
        Name = Connected is null ? origin.Address.OriginalString : null;
    }

    internal ConnectedCluster? Connected { get; }

    internal string? Name { get; }

    internal ClusterHostStatus? Host { get; }

    /// <inheritdoc/>
    public override string ToString() => Connected?.ToString() ?? Name ?? Host!.DataDirectory;
}
