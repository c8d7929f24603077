using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Sets labels of objects that are there.</summary>
internal sealed class LabelService(ServiceContext state)
{
    public Task SetPolicyAsync(string name, IReadOnlyDictionary<string, string?> changes) => state.Catalog.WriteAsync(catalog =>
    {
        var policy = catalog.FindPolicy(name) ?? throw PolicyService.NotFound(name);
        catalog.SetPolicyLabels(name, LabelRules.Apply(policy.Labels, changes));
    });

    public Task SetVolumeAsync(string name, IReadOnlyDictionary<string, string?> changes) => state.Catalog.WriteAsync(catalog =>
    {
        var row = ServiceContext.Require(catalog, name);
        catalog.SetVolumeLabels(row.Id, LabelRules.Apply(row.Model.Labels, changes));
    });

    public Task SetSnapshotAsync(
        string volume, string name, IReadOnlyDictionary<string, string?> changes) => state.Catalog.WriteAsync(catalog =>
    {
        var row = catalog.FindSnapshot(ServiceContext.Require(catalog, volume).Id, name) ?? throw ServiceContext.SnapshotNotFound(name);
        catalog.SetSnapshotLabels(row.Id, LabelRules.Apply(row.Model.Labels, changes));
    });

    /// <summary>Sets labels of the rules for an address, in any letter case and of every type, as they are removed, too.</summary>
    public Task SetAccessRuleAsync(
        string volume, string target, string address, IReadOnlyDictionary<string, string?> changes) => state.Catalog.WriteAsync(catalog =>
    {
        var row = ServiceContext.Require(catalog, volume);
        var found = catalog.FindTarget(target);
        var rules = found is null
            ? []
            : catalog.ListAccessRules(row.Id, volume)
                .FindAll(rule => rule.Target == found.Model.Name && rule.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
        if (rules.Count == 0)
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"The access rule of '{ObjectName.Printable(address)}' to the volume '{volume}' through '{ObjectName.Printable(target)}' "
                    + "couldn't be found");
        }

        foreach (var (rule, labels) in rules.Select(rule => (rule, LabelRules.Apply(rule.Labels, changes))).ToArray())
        {
            catalog.SetAccessRuleLabels(row.Id, found!.Id, rule, labels);
        }
    });
}
