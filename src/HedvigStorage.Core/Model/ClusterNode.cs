namespace HedvigStorage;

/// <summary>A node of a cluster, as it was when it was asked.</summary>
public sealed record ClusterNode : ClusterObject
{
    /// <summary>Gets the node's name, as the cluster tells it: <c>host:port</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets where it is reached.</summary>
    public required Uri Address { get; init; }

    /// <summary>Gets whether the connection speaks to this node.</summary>
    public bool Current { get; init; }

    /// <summary>Gets whether it answers and takes the login.</summary>
    public bool Answers { get; init; }

    /// <summary>Gets whether it says that the cluster is healthy.</summary>
    public bool Healthy { get; init; }

    /// <summary>Gets what is wrong, in words; empty when healthy.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Gets the version of its software, or <see langword="null"/> if it does not tell.</summary>
    public string? Version { get; init; }

    /// <summary>Gets when it was started, or <see langword="null"/> if it does not tell.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
