using HedvigStorage.PluginHost.Mounts;

namespace HedvigStorage.PluginHost.Reconciliation;

/// <summary>What the cluster says of this host's leases at one time.</summary>
internal sealed class LeaseView
{
    private readonly LeaseClient _leases;
    private readonly Dictionary<string, long> _renewed;

    private LeaseView(LeaseClient leases, IEnumerable<Attachment> renewed, IEnumerable<Attachment> listed)
    {
        _leases = leases;
        _renewed = renewed.ToDictionary(lease => lease.Volume, lease => lease.Generation, StringComparer.Ordinal);
        Listed = listed.Select(lease => lease.Volume).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Gets the volumes whose leases this host has, if they were listed.</summary>
    public IReadOnlySet<string> Listed { get; }

    /// <summary>Renews the leases of volumes.</summary>
    /// <param name="leases">This host's leases.</param>
    /// <param name="mounted">The volumes.</param>
    /// <param name="withOthers">Whether the leases of other volumes are listed too.</param>
    /// <exception cref="ClusterException">The cluster cannot be asked.</exception>
    public static async Task<LeaseView> ReadAsync(LeaseClient leases, IReadOnlyCollection<string> mounted, bool withOthers) => new(
        leases,
        mounted.Count == 0 ? [] : await leases.RenewAsync(mounted),
        withOthers ? await leases.ListAsync() : []);

    /// <summary>Tells whose the lease of a volume with a record is.</summary>
    /// <param name="record">The record.</param>
    public async Task<LeaseFact> FindAsync(MountRecord record)
    {
        if (_renewed.TryGetValue(record.Volume, out var renewed) && renewed == record.Generation)
        {
            return LeaseFact.Ours;
        }

        try
        {
            return await _leases.FindAsync(record.Volume) switch
            {
                (false, _) => LeaseFact.VolumeGone,
                (_, null) => LeaseFact.Nobody,
                (_, { } lease) when !_leases.IsOurs(lease) => _leases.IsOfNeighbour(lease) ? LeaseFact.Neighbour : LeaseFact.Other,
                (_, { } lease) => lease.Generation == record.Generation ? LeaseFact.Ours : LeaseFact.Nobody,
            };
        }
        catch (ClusterException)
        {
            return LeaseFact.Unknown;
        }
    }
}
