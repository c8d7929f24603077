using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Makes, changes, lists and removes policies.</summary>
internal sealed class PolicyService(ServiceContext state)
{
    private const int NamedVolumes = 5;

    public IReadOnlyList<Policy> List() => state.Catalog.Read(catalog => catalog.ListPolicies()).Select(Complete).ToArray();

    /// <summary>Makes a policy, or finds the same one.</summary>
    public async Task<Policy> CreateAsync(PolicySpecification specification)
    {
        var name = ObjectName.Check("policy", specification.Name);
        var attributes = specification.Attributes;
        var schedule = specification.SnapshotSchedule ?? SnapshotSchedule.None;
        schedule.Check();
        await CheckAsync(attributes);
        return Complete(await state.Catalog.WriteAsync(catalog =>
        {
            if (catalog.FindPolicy(name) is { } existing)
            {
                return existing.Requested.Equals(attributes) && existing.SnapshotSchedule == schedule
                    ? existing
                    : throw new ClusterException(
                        ErrorCode.Conflict,
                        $"A policy '{name}' already exists and has {Show(existing.Requested, existing.SnapshotSchedule)}, "
                            + $"not {Show(attributes, schedule)}. Change it, or give another name.");
            }

            var policy = new Policy
            {
                Name = name,
                Description = specification.Description ?? string.Empty,
                Requested = attributes,
                SnapshotSchedule = schedule,
                Labels = specification.Labels,
            };
            catalog.PutPolicy(policy, state.Time.GetUtcNow());
            return policy;
        }));
    }

    public async Task<Policy> UpdateAsync(string name, PolicyChange change)
    {
        change.SnapshotSchedule?.Check();
        ServiceContext.RefuseEncryption(change.Attributes);
        if (!change.Attributes.IsEmpty)
        {
            await CheckVolumesAsync(name, change);
        }

        var saved = await state.Catalog.WriteAsync(catalog =>
        {
            var existing = catalog.FindPolicy(name) ?? throw NotFound(name);
            var changed = existing with
            {
                Description = change.Description ?? existing.Description,
                Requested = change.Attributes.Over(existing.Requested),
                SnapshotSchedule = change.SnapshotSchedule ?? existing.SnapshotSchedule,
            };
            changed.Requested.Check();
            catalog.PutPolicy(changed, state.Time.GetUtcNow());
            return changed;
        });
        if (change.SnapshotSchedule is not null)
        {
            state.Schedules.Raise();
        }

        if (!change.Attributes.IsEmpty)
        {
            state.Placements.Raise();
        }

        return Complete(saved);
    }

    public Task DeleteAsync(string name) => state.Catalog.WriteAsync(catalog =>
    {
        var policy = catalog.FindPolicy(name) ?? throw NotFound(name);
        var some = catalog.VolumesOfPolicy(name, NamedVolumes + 1);
        if (some.Count > 0)
        {
            // Those that are being made are not in the policy's count yet.
            var users = Math.Max(policy.VolumeCount, some.Count);
            var names = string.Join(", ", some.Take(NamedVolumes).Select(volume => $"'{volume}'"));
            var more = users > NamedVolumes ? " and more" : string.Empty;
            throw new ClusterException(
                ErrorCode.Busy,
                $"The policy '{name}' cannot be removed: {users} {(users == 1 ? "volume has" : "volumes have")} it ({names}{more}). "
                    + "Give them another policy first.");
        }

        catalog.RemovePolicy(name);
    });

    /// <summary>Refuses attributes that the engine cannot give to a volume.</summary>
    public Task CheckAsync(VolumeAttributes requested)
    {
        ServiceContext.RefuseEncryption(requested);
        return state.Engine.CheckAsync(requested);
    }

    // A volume's own attributes lie over the policy's: what the policy alone asks for may be there, and both together not.
    private async Task CheckVolumesAsync(string name, PolicyChange change)
    {
        var (changed, own) = state.Catalog.Read(catalog => (
            change.Attributes.Over((catalog.FindPolicy(name) ?? throw NotFound(name)).Requested),
            state.Engine.Capabilities.PlacementChecks ? catalog.AttributesOfVolumesWith(name) : []));
        await state.Engine.CheckAsync(changed);
        foreach (var requested in own.Select(attributes => attributes.Over(changed)).Distinct())
        {
            try
            {
                await state.Engine.CheckAsync(requested);
            }
            catch (ClusterException error) when (error.Code is ErrorCode.Refused or ErrorCode.InvalidArgument)
            {
                throw new ClusterException(
                    error.Code, $"Volumes that have the policy '{name}' would ask for {requested}: {error.Message}", error);
            }
        }
    }

    internal static ClusterException NotFound(string name) =>
        new(ErrorCode.NotFound, $"The policy '{ObjectName.Printable(name)}' couldn't be found");

    private static string Show(VolumeAttributes attributes, SnapshotSchedule schedule) =>
        (attributes.IsEmpty ? "no attributes" : attributes.ToString())
            + (schedule.IsEmpty ? string.Empty : $" and the snapshot schedule {schedule}");

    private Policy Complete(Policy policy) => policy with { Effective = state.Engine.Effective(policy.Requested) };
}
