using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace HedvigStorage.Connections;

/// <summary>The open connections and the default one, for each runspace its own, as variables of the session would be.</summary>
internal static class SessionConnections
{
    private static readonly ConditionalWeakTable<Runspace, Slot> Slots = new();
    private static readonly ConditionalWeakTable<ICluster, object> Ended = new();

    /// <summary>Gets or sets the default connection.</summary>
    public static ConnectedCluster? Default
    {
        get => Current?.Default;
        set
        {
            if (Current is { } slot)
            {
                slot.Default = value;
            }
        }
    }

    /// <summary>Gets the open connections, in the order in which they were made.</summary>
    public static IReadOnlyList<ConnectedCluster> All => Current?.Open.ToArray() ?? [];

    /// <summary>Gets the names by which an open connection can be meant.</summary>
    public static IReadOnlyList<string> Names => All.SelectMany(cluster => new[] { cluster.Profile, cluster.Name, Text(cluster.Address) })
        .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToArray();

    private static Slot? Current => Runspace.DefaultRunspace is { } runspace ? Slots.GetOrCreateValue(runspace) : null;

    /// <summary>
    /// Takes a connection in. One before it to the same cluster, by the same user, is not found by its name any more; it stays open for
    /// those who hold it.
    /// </summary>
    public static void Add(ConnectedCluster cluster)
    {
        if (Current is { } slot)
        {
            _ = slot.Open.RemoveAll(open => !ReferenceEquals(open, slot.Default) && open.Address == cluster.Address
                && string.Equals(open.UserName, cluster.UserName, StringComparison.Ordinal)
                && (open.Profile is null || string.Equals(open.Profile, cluster.Profile, StringComparison.OrdinalIgnoreCase)));
            slot.Open.Add(cluster);
        }
    }

    /// <summary>Ends a connection.</summary>
    public static void End(ConnectedCluster cluster)
    {
        if (Current is { } slot)
        {
            _ = slot.Open.RemoveAll(open => ReferenceEquals(open.Client, cluster.Client));
            slot.Default = ReferenceEquals(slot.Default?.Client, cluster.Client) ? null : slot.Default;
        }

        _ = Ended.GetOrCreateValue(cluster.Client);
        cluster.Client.Dispose();
    }

    /// <summary>Tells whether a connection has been ended, whoever still holds it.</summary>
    public static bool IsEnded(ConnectedCluster cluster) => Ended.TryGetValue(cluster.Client, out _);

    /// <summary>Ends all connections.</summary>
    public static void Clear()
    {
        foreach (var cluster in All.Append(Default).OfType<ConnectedCluster>().ToArray())
        {
            End(cluster);
        }
    }

    /// <summary>
    /// Finds the open connections that a name means: those of the profile, else those of the cluster's name, else those of the address.
    /// </summary>
    public static IReadOnlyList<ConnectedCluster> Find(string name)
    {
        var all = All;
        return new Func<ConnectedCluster, bool>[] { cluster => Same(
            cluster.Profile, name), cluster => Same(cluster.Name, name), cluster => IsAt(cluster, name) }
            .Select(means => all.Where(means).ToArray())
            .FirstOrDefault(found => found.Length > 0) ?? [];
    }

    /// <summary>
    /// Finds the connection to the cluster that an object came from: the one that it came by while that is open, else another one that is
    /// open to the same cluster, the default one first; <see langword="null"/> if there is none.
    /// </summary>
    public static ConnectedCluster? Find(ClusterOrigin origin) => origin is ConnectedOrigin { Connection: var own } && !IsEnded(own)
        ? own
        : All.Reverse().Prepend(Default).OfType<ConnectedCluster>().FirstOrDefault(open => IsOf(open, origin));

    /// <summary>Tells whether a connection is to the cluster that an object came from.</summary>
    public static bool IsOf(ConnectedCluster cluster, ClusterOrigin origin) =>
        (
            origin is ConnectedOrigin { Connection: var own }
                && (ReferenceEquals(own.Client, cluster.Client) || NodesOf(own).Any(node => IsNodeOf(cluster, node))))
        || IsNodeOf(cluster, origin.Address);

    /// <summary>
    /// Tells whether the session has connections to other clusters besides this one, or may have: a job's session knows of none.
    /// </summary>
    public static bool IsOneOfSeveral(ConnectedCluster cluster)
    {
        var all = All;
        return all.Count == 0 || all.Any(open => !NodesOf(open).Any(node => IsNodeOf(cluster, node)));
    }

    /// <summary>Tells whether a connection may speak to an address, with or without its scheme.</summary>
    public static bool IsAt(ConnectedCluster cluster, string address) =>
        cluster.Nodes.Append(cluster.Address).Any(node => Same(Text(node), address.TrimEnd('/')) || Same(node.Authority, address));

    private static IEnumerable<Uri> NodesOf(ConnectedCluster cluster) => cluster.Nodes.Append(cluster.Address);

    // The nodes that the cluster itself tells are the same cluster, whichever of them was connected to.
    private static bool IsNodeOf(ConnectedCluster cluster, Uri address) =>
        NodesOf(cluster).Any(
            node => node.Port == address.Port && (Same(node.Host, address.Host) || (node.IsLoopback && address.IsLoopback)))
        || cluster.Information.Nodes.Any(node => Same(node, address.Authority));

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private sealed class Slot
    {
        public List<ConnectedCluster> Open { get; } = [];

        public ConnectedCluster? Default { get; set; }
    }
}
