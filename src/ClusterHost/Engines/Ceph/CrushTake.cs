namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>One part of a CRUSH rule: some copies go below a place, each into a failure domain of its own.</summary>
/// <param name="Place">The name of the root or data center.</param>
/// <param name="DeviceClass">The kind of disk that is taken there, or <see langword="null"/> for any.</param>
/// <param name="Copies">How many copies; 0 for all that the pool has.</param>
/// <param name="Domain">What no two of them share.</param>
internal sealed record CrushTake(string Place, string? DeviceClass, int Copies, FailureDomain Domain)
{
    /// <summary>Gets the place's name in CRUSH, which keeps a tree of its own for each kind of disk.</summary>
    public string Item => DeviceClass is null ? Place : $"{Place}~{DeviceClass}";
}
