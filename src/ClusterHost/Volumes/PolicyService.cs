using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Makes, changes, lists and removes policies.</summary>
internal sealed class PolicyService(ClusterState state)
{
    private const int NamedVolumes = 5;

    public IReadOnlyList<Policy> List() => state.Catalog.Read(catalog => catalog.ListPolicies()).Select(Complete).ToArray();

    public async Task<Policy> CreateAsync(string name, string? description, VolumeAttributes attributes)
    {
        _ = ObjectName.Check("policy", name);
        ClusterState.RefuseEncryption(attributes);
        return Complete(await state.Catalog.WriteAsync(catalog =>
        {
            if (catalog.FindPolicy(name) is { } existing)
            {
                return existing.Requested.Equals(attributes)
                    ? existing
                    : throw new ClusterException(ErrorCode.Conflict, $"A policy '{name}' is there already and has {Show(existing.Requested)}, not {Show(attributes)}. Change it, or give another name.");
            }

            var policy = new Policy { Name = name, Description = description ?? string.Empty, Requested = attributes };
            catalog.PutPolicy(policy);
            return policy;
        }));
    }

    public async Task<Policy> UpdateAsync(string name, string? description, VolumeAttributes attributes)
    {
        ClusterState.RefuseEncryption(attributes);
        return Complete(await state.Catalog.WriteAsync(catalog =>
        {
            var existing = catalog.FindPolicy(name) ?? throw NotFound(name);
            var changed = existing with { Description = description ?? existing.Description, Requested = attributes.Over(existing.Requested) };
            changed.Requested.Check();
            catalog.PutPolicy(changed);
            return changed;
        }));
    }

    public Task DeleteAsync(string name) => state.Catalog.WriteAsync(catalog =>
    {
        _ = catalog.FindPolicy(name) ?? throw NotFound(name);
        var users = catalog.CountVolumesOfPolicy(name);
        if (users > 0)
        {
            var names = string.Join(", ", catalog.VolumesOfPolicy(name, NamedVolumes).Select(volume => $"'{volume}'"));
            var more = users > NamedVolumes ? " and more" : string.Empty;
            throw new ClusterException(ErrorCode.Busy, $"The policy '{name}' cannot be removed: {users} {(users == 1 ? "volume has" : "volumes have")} it ({names}{more}). Give them another policy first.");
        }

        catalog.RemovePolicy(name);
    });

    private static ClusterException NotFound(string name) => new(ErrorCode.NotFound, $"The policy '{ObjectName.Printable(name)}' couldn't be found");

    private static string Show(VolumeAttributes attributes) => attributes.IsEmpty ? "no attributes" : attributes.ToString();

    private Policy Complete(Policy policy) => policy with { Effective = state.Engine.Effective(policy.Requested) };
}
