namespace HedvigStorage;

/// <summary>An object of a cluster.</summary>
public abstract record ClusterObject
{
    private protected ClusterObject()
    {
    }

    /// <summary>Gets the cluster that the object came from, or <see langword="null"/> where nobody told.</summary>
    public ClusterOrigin? ClusterOrigin { get; init; }

    /// <summary>Makes the same object as one of a cluster.</summary>
    /// <param name="origin">The cluster.</param>
    public virtual ClusterObject From(ClusterOrigin origin) => this with { ClusterOrigin = origin };
}
