namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>What Ceph says of itself.</summary>
/// <param name="Problems">What is wrong, a sentence each.</param>
/// <param name="RawFree">The bytes free on all disks, before replication.</param>
/// <param name="Free">
/// The bytes that the pool with the most space can still take, after replication; <see langword="null"/> until there is a pool.
/// </param>
/// <param name="FullPools">The pools that take nothing more.</param>
/// <param name="Stored">The bytes that are stored in the pools of this cluster, before replication.</param>
internal sealed record CephState(IReadOnlyList<string> Problems, long RawFree, long? Free, IReadOnlyList<string> FullPools, long Stored)
{
    /// <summary>Gets the cause of an outage in a few words that follow a colon, without a full stop.</summary>
    public string Cause => Problems.Count == 0
        ? "Ceph itself reports no problem"
        : string.Join("; ", Problems.Select(problem => problem.TrimEnd('.').Replace("Ceph: ", string.Empty, StringComparison.Ordinal)));
}
