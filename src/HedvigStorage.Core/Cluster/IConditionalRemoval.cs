namespace HedvigStorage;

/// <summary>A cluster's client that can have a volume removed only if its labels allow it.</summary>
public interface IConditionalRemoval
{
    /// <summary>Removes a volume if its labels allow it. One that is gone is removed.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="condition">What its labels have to be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the cluster knows such a request; if not, nothing has changed.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: its labels do not allow it, or it is protected; else as
    /// <see cref="ICluster.DeleteVolumeAsync"/>.</exception>
    Task<bool> TryRemoveVolumeAsync(string name, RemovalCondition condition, CancellationToken cancellationToken);
}
