using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Keeps who may use a volume through a target. Rules may be there before the LUN or export that they are for, and stay after it.
/// </summary>
internal sealed class AccessRuleService(ServiceContext state)
{
    /// <summary>Adds rules, all or none.</summary>
    public async Task AddAsync(string volume, string target, AccessRuleType type, IReadOnlyList<string> addresses)
    {
        using var held = await state.Locks.TakeAsync(volume);
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            var found = TargetService.Require(catalog, target);
            TargetService.CheckServes(found, row.Model);
            if (type == AccessRuleType.Iqn && found.Model.Protocol == TargetProtocol.Nfs)
            {
                throw new ClusterException(
                    ErrorCode.Refused, $"The target '{target}' has the protocol nfs, whose clients have no IQN. Give the type host or ip.");
            }

            foreach (var address in addresses)
            {
                catalog.PutAccessRule(row.Id, found.Id, type, AccessAddress.Check(type, address));
            }
        });
    }

    /// <summary>Removes the rules for some addresses, all or none. Those that are not there succeed.</summary>
    public async Task RemoveAsync(string volume, string target, IReadOnlyList<string> addresses)
    {
        using var held = await state.Locks.TakeAsync(volume);
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            if (catalog.FindTarget(target) is not { } found)
            {
                return;
            }

            foreach (var address in addresses)
            {
                catalog.RemoveAccessRules(row.Id, found.Id, address);
            }
        });
    }

    /// <summary>Lists how all volumes are reached.</summary>
    public AccessList ListAll() => state.Catalog.Read(catalog => catalog.ListAccess());

    public List<AccessRule> List(string volume) =>
        state.Catalog.Read(catalog => catalog.ListAccessRules(ServiceContext.Require(catalog, volume).Id, volume));
}
