using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Keeps the names of the iSCSI initiators of hosts.</summary>
internal sealed class InitiatorService(ServiceContext state)
{
    public HostInitiator Get(string host) => state.Catalog.Read(catalog => catalog.FindInitiator(host))
        ?? throw new ClusterException(
            ErrorCode.NotFound, $"{AccessMapping.IqnNotFound}: the host '{ObjectName.Printable(host)}' has registered none");

    public IReadOnlyList<HostInitiator> List() => state.Catalog.Read(catalog => catalog.ListInitiators());

    /// <summary>Registers the initiator of a host, or finds the same one.</summary>
    public Task<HostInitiator> RegisterAsync(string host, string iqn)
    {
        _ = ObjectName.Check("host", host);
        _ = InitiatorName.Check(iqn);
        return state.Catalog.WriteAsync(catalog =>
        {
            if (catalog.FindInitiator(host) is { } existing)
            {
                return existing.Iqn.Equals(iqn, StringComparison.OrdinalIgnoreCase)
                    ? existing
                    : throw new ClusterException(
                        ErrorCode.Conflict,
                        $"The host '{existing.Host}' has registered the initiator '{existing.Iqn}', not '{iqn}'. "
                            + "UnregisterIqn takes that out first.");
            }

            var initiator = new HostInitiator(host, iqn);
            catalog.InsertInitiator(initiator);
            return initiator;
        });
    }

    /// <summary>Takes a host out; with a name, only if that is the host's. What is gone succeeds.</summary>
    public Task UnregisterAsync(string host, string? iqn) => state.Catalog.WriteAsync(catalog => catalog.RemoveInitiator(host, iqn));
}
