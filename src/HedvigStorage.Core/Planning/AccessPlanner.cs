using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>
/// Plans who may use a volume through a target: the volume is mapped or exported there with the first rule, and no longer with the last.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="state">What is there.</param>
/// <param name="catalog">Makes steps of what ownership asks for.</param>
/// <param name="replaced">The volumes that are replaced, whose rules go with them.</param>
internal sealed class AccessPlanner(ICluster cluster, ClusterState state, CatalogObject catalog, IReadOnlyCollection<string> replaced)
{
    public IEnumerable<PlanStep> Plan(Configuration configuration)
    {
        var types = configuration.Volumes.Where(volume => volume.Ensure == Ensure.Present)
            .ToDictionary(volume => volume.Name, volume => volume.Type, StringComparer.Ordinal);
        return configuration.Access.Select(access => PlanOne(access, types));
    }

    public PlanStep PlanRemoval(AccessRule rule, string reason) => new(ResourceKind.Access, ClusterState.NameOf(rule), StepAction.Remove)
    {
        Reason = reason,
        Cost = $"{rule.Address} can no longer reach the volume through {rule.Target}.",
        Execute = (_, cancellationToken) => RemoveAsync(rule, TypeOf(rule.Volume), cancellationToken),
    };

    private PlanStep PlanOne(ConfiguredAccess access, Dictionary<string, VolumeType?> desiredTypes)
    {
        var wanted = new AccessRule { Volume = access.Volume, Target = access.Target, Type = access.Type, Address = access.Address };
        var item = LabelledObject.AccessRule(wanted);
        var digest = Ownership.Digest(access.Mapped
            ? [new PropertyChange("type", null, access.Type.ToString())]
            : [new PropertyChange("type", null, access.Type.ToString()), new PropertyChange("mapped", null, "false")]);
        _ = state.Rules.TryGetValue(access.Id, out var actual);
        switch (access.Ensure)
        {
            case Ensure.Forgotten:
                return catalog.Forget(ResourceKind.Access, access.Id, item, actual?.Labels);
            case Ensure.Absent:
                return actual is null
                    ? CatalogObject.AsDesired(ResourceKind.Access, access.Id, there: false)
                    : catalog.Settle(PlanRemoval(actual, "The document makes it absent."), item, actual.Labels, digest);
            default:
                break;
        }

        if (!desiredTypes.TryGetValue(access.Volume, out var desired) && !state.Volumes.ContainsKey(access.Volume))
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"The access of '{access.Address}' is to the volume '{access.Volume}', which is neither on the cluster nor in the "
                    + "document.");
        }

        var type = desired ?? TypeOf(access.Volume);
        if (actual is null || replaced.Contains(access.Volume, StringComparer.Ordinal))
        {
            return new PlanStep(ResourceKind.Access, access.Id, StepAction.Create)
            {
                Reason = actual is null ? "It is not there." : "It goes with the volume that is replaced; it is made for the new volume.",
                Changes = [new PropertyChange("type", null, access.Type.ToString()), new PropertyChange("address", null, access.Address)],
                Execute = async (_, cancellationToken) =>
                {
                    if (access.Mapped)
                    {
                        await MapAsync(access.Volume, access.Target, type, cancellationToken).ConfigureAwait(false);
                    }

                    await cluster.Access.AddRuleAsync(wanted, cancellationToken).ConfigureAwait(false);
                    await catalog.LabelAsync(item, digest, cancellationToken).ConfigureAwait(false);
                },
            };
        }

        var step = !access.Mapped || state.Mappings.Contains((access.Volume, access.Target))
            ? CatalogObject.AsDesired(ResourceKind.Access, access.Id, there: true)
            : new PlanStep(ResourceKind.Access, access.Id, StepAction.Update)
            {
                Reason = "The rule is there, but the volume is not reached through the target.",
                Changes = [new PropertyChange("mapped", "false", "true")],
                Execute = (_, cancellationToken) => MapAsync(access.Volume, access.Target, type, cancellationToken),
            };
        return catalog.Settle(step, item, actual.Labels, digest);
    }

    private VolumeType TypeOf(string volume) => state.Volumes.TryGetValue(volume, out var actual) ? actual.Type : VolumeType.Block;

    private Task MapAsync(string volume, string target, VolumeType type, CancellationToken cancellationToken) => type == VolumeType.File
        ? (Task)cluster.Access.AddExportAsync(volume, target, cancellationToken)
        : cluster.Access.AddLunAsync(volume, target, readOnly: false, cancellationToken);

    private async Task RemoveAsync(AccessRule rule, VolumeType type, CancellationToken cancellationToken)
    {
        // A mapping without a rule may be open to everybody: that must not be what is left of taking somebody's access away, whatever fails
        // here.
        var rules = await cluster.Access.ListRulesAsync(rule.Volume, cancellationToken).ConfigureAwait(false);
        if (!rules.Any(
            other =>
                string.Equals(other.Target, rule.Target, StringComparison.Ordinal)
                    && !string.Equals(other.Address, rule.Address, StringComparison.Ordinal)))
        {
            await (type == VolumeType.File
                ? cluster.Access.RemoveExportAsync(rule.Volume, rule.Target, cancellationToken)
                : cluster.Access.RemoveLunAsync(rule.Volume, rule.Target, cancellationToken)).ConfigureAwait(false);
        }

        await cluster.Access.RemoveRuleAsync(rule.Volume, rule.Target, rule.Address, cancellationToken).ConfigureAwait(false);
    }
}
