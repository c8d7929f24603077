namespace HedvigStorage;

/// <summary>The cluster that an object came from: what is done to the object is done there.</summary>
public class ClusterOrigin : IEquatable<ClusterOrigin>
{
    /// <summary>Tells of a cluster.</summary>
    /// <param name="address">The address that it is connected to by.</param>
    public ClusterOrigin(Uri address) => Address = address ?? throw new ArgumentNullException(nameof(address));

    /// <summary>Gets the address that the cluster was connected to by; of several, the preferred one.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public bool Equals(ClusterOrigin? other) => other is not null && Address == other.Address;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClusterOrigin);

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();
}
