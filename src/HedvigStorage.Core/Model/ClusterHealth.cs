namespace HedvigStorage;

/// <summary>How a cluster is.</summary>
public sealed record ClusterHealth
{
    /// <summary>Gets whether nothing is wrong.</summary>
    public required bool Healthy { get; init; }

    /// <summary>Gets what is wrong, in words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Gets the cluster host's version.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>Gets when the node that answered was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}
