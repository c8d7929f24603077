using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>
/// Finds what the cluster would refuse when the plan is carried out, for rules that are known: a plan promises nothing of that kind.
/// </summary>
/// <param name="configuration">What is desired.</param>
/// <param name="options">What the plan covers besides.</param>
/// <param name="state">What is there.</param>
internal sealed class ClusterRules(Configuration configuration, PlanOptions options, ClusterState state)
{
    private readonly Dictionary<string, ConfiguredVolume> _volumes = configuration.Volumes.ToDictionary(
        volume => volume.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _policies = new(
        configuration.Policies.Where(policy => policy.Ensure == Ensure.Present).Select(policy => policy.Name), StringComparer.Ordinal);
    private readonly HashSet<string> _snapshots = new(
        configuration.Snapshots.Where(snapshot => snapshot.Ensure == Ensure.Present)
            .Select(snapshot => ClusterState.NameOf(snapshot.Volume, snapshot.Name)),
        StringComparer.Ordinal);

    /// <summary>Refuses a configuration that the cluster would refuse in part.</summary>
    /// <exception cref="ConfigurationException">All that it would refuse, each with its place in the document.</exception>
    public static async Task CheckAsync(
        ICluster cluster, Configuration configuration, PlanOptions options, ClusterState state, CancellationToken cancellationToken)
    {
        // A cluster that does not know the extension says too little of itself.
        if (!state.Capabilities.Extension)
        {
            return;
        }

        var rules = new ClusterRules(configuration, options, state);
        var targets = configuration.Access.Any(access => access.Ensure == Ensure.Present)
            ? await FindTargetsAsync(cluster, cancellationToken).ConfigureAwait(false)
            : null;
        var errors = configuration.Policies.SelectMany(rules.CheckPolicy)
            .Concat(configuration.Volumes.SelectMany(rules.CheckVolume))
            .Concat(targets is null ? [] : configuration.Access.SelectMany((access, index) => rules.CheckAccess(access, index, targets)))
            .ToList();
        if (state.Capabilities.PlacementChecks)
        {
            var placements = new PlacementRules(configuration, state);
            errors.AddRange(await placements.CheckAsync(cluster, cancellationToken).ConfigureAwait(false));
        }

        if (errors.Count > 0)
        {
            // One that a cluster refuses has the code that it would have there.
            var code = errors.Select(error => error.Code).Distinct().Count() == 1 ? errors[0].Code : ErrorCode.InvalidArgument;
            throw new ConfigurationException(configuration.Source, [.. errors.Select(error => error.Text)], code);
        }
    }

    private static async Task<Dictionary<string, Target>?> FindTargetsAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            return (await cluster.Access.ListTargetsAsync(computeHost: null, cancellationToken).ConfigureAwait(false))
                .ToDictionary(target => target.Name, StringComparer.Ordinal);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Unsupported)
        {
            return null;
        }
    }

    private static string At(string list, int index, string member) =>
        string.Format(CultureInfo.InvariantCulture, "$.{0}[{1}].{2}", list, index, member);

    private IEnumerable<Refusal> CheckPolicy(ConfiguredPolicy policy, int index)
    {
        if (policy.Ensure == Ensure.Present)
        {
            var present = state.Policies.TryGetValue(policy.Name, out var actual) ? actual.Requested : VolumeAttributes.None;
            return CheckAttributes("policies", index, policy.Attributes, present);
        }

        return policy.Ensure == Ensure.Absent && !options.Prune && state.Policies.TryGetValue(policy.Name, out var removed)
            && StayingWith(removed) is > 0 and var staying
            ? [new Refusal($"{At("policies", index, "ensure")}: The policy '{policy.Name}' cannot be removed: "
                + $"{(staying == 1 ? "a volume has" : string.Format(CultureInfo.InvariantCulture, "{0} volumes have", staying))} it that "
                + "the document gives no other one.",
                ErrorCode.Busy)]
            : [];
    }

    private long StayingWith(Policy policy) => policy.VolumeCount - state.Volumes.Values.LongCount(volume => string.Equals(
        volume.Policy, policy.Name, StringComparison.Ordinal)
        && _volumes.TryGetValue(volume.Name, out var desired)
        && (desired.Ensure == Ensure.Absent || (desired is { Ensure: Ensure.Present, Policy: not null } && !string.Equals(
            desired.Policy, policy.Name, StringComparison.Ordinal))));

    private IEnumerable<Refusal> CheckVolume(ConfiguredVolume volume, int index)
    {
        if (volume.Ensure != Ensure.Present)
        {
            yield break;
        }

        _ = state.Volumes.TryGetValue(volume.Name, out var actual);
        if (volume.Policy is { } policy && !_policies.Contains(policy) && !state.Policies.ContainsKey(policy))
        {
            yield return new Refusal(
                $"{At("volumes", index, "policy")}: There is no policy '{policy}', neither on the cluster nor in the document. "
                    + $"{Nearest.Hint(policy, state.Policies.Keys.Concat(_policies).Distinct(StringComparer.Ordinal).ToArray())}");
        }

        foreach (var error in CheckAttributes("volumes", index, volume.Attributes, state.OwnAttributesOf(actual)))
        {
            yield return error;
        }

        foreach (var error in volume.SourceVolume is null ? [] : CheckClone(volume, index, actual))
        {
            yield return error;
        }

        var fileSystem = volume.FileSystem ?? actual?.FileSystem ?? VolumeFileSystem.Ext4;
        if (volume.Size is { } size && (actual is null || size > actual.Size) && WhatIsWrongWith(size, fileSystem, actual) is { } wrong)
        {
            yield return new Refusal($"{At("volumes", index, "size")}: {wrong}");
        }
    }

    private IEnumerable<Refusal> CheckAttributes(string list, int index, VolumeAttributes desired, VolumeAttributes present)
    {
        if (desired.Encryption == true && !state.Capabilities.HonouredAttributes.Contains("encryption", StringComparer.Ordinal))
        {
            yield return new Refusal(
                $"{At(list, index, "encryption")}: Encryption needs key management, which this cluster does not have: "
                    + "Run setkmsinfo command",
                ErrorCode.Refused);
        }

        if (WhatIsWrongWith(desired.Over(present)) is { } wrong)
        {
            yield return new Refusal(
                $"{string.Format(CultureInfo.InvariantCulture, "$.{0}[{1}]", list, index)}: With what it has already: {wrong}");
        }
    }

    private static string? WhatIsWrongWith(VolumeAttributes attributes)
    {
        try
        {
            attributes.Check();
            return null;
        }
        catch (ClusterException exception)
        {
            return exception.Message;
        }
    }

    private string? WhatIsWrongWith(ByteSize size, VolumeFileSystem fileSystem, Volume? actual)
    {
        var (least, most) = (new ByteSize(state.Capabilities.MinimumVolumeSize), new ByteSize(state.Capabilities.MaximumVolumeSize));
        if (most.Bytes == 0)
        {
            return null;
        }

        var smallest = actual is not null ? new ByteSize(0) : VolumeSizes.SmallestOf(fileSystem) is var own && own > least ? own : least;
        return size >= smallest && size <= most ? null
            : $"The size {size} is out of range: a volume with {(fileSystem == VolumeFileSystem.Xfs ? "xfs" : "ext4")} has "
                + $"{VolumeSizes.Range(actual is null ? smallest : new ByteSize(actual.Size), most)} here.";
    }

    private IEnumerable<Refusal> CheckClone(ConfiguredVolume volume, int index, Volume? actual)
    {
        // One that is there was made of what it was made of.
        if (actual is not null)
        {
            yield break;
        }

        _ = state.Volumes.TryGetValue(volume.SourceVolume!, out var source);
        _ = _volumes.TryGetValue(volume.SourceVolume!, out var desired);
        if (source is null && desired is not { Ensure: Ensure.Present })
        {
            yield return new Refusal(
                $"{At("volumes", index, "from")}: The volume '{volume.SourceVolume}' couldn't be found, "
                    + "neither on the cluster nor in the document.",
                ErrorCode.NotFound);
            yield break;
        }

        Snapshot? image = null;
        if (volume.SourceSnapshot is { } snapshot
            && !state.Snapshots.TryGetValue(ClusterState.NameOf(volume.SourceVolume!, snapshot), out image)
            && !_snapshots.Contains(ClusterState.NameOf(volume.SourceVolume!, snapshot)))
        {
            yield return new Refusal(
                $"{At("volumes", index, "snapshot")}: There is no snapshot '{snapshot}' of the volume '{volume.SourceVolume}', "
                    + "neither on the cluster nor in the document.",
                ErrorCode.NotFound);
        }

        // What the document says of the source is how it will be.
        var type = desired?.Type ?? source?.Type ?? VolumeType.Block;
        if (volume.Type is { } wanted && wanted != type && desired?.SourceVolume is null)
        {
            yield return new Refusal(
                $"{At("volumes", index, "type")}: The clone '{volume.Name}' cannot be of type {wanted}: its source is of type {type}.");
        }

        var fileSystem = desired?.FileSystem ?? source?.FileSystem ?? VolumeFileSystem.Ext4;
        if (volume.FileSystem is { } other && other != fileSystem && desired?.SourceVolume is null)
        {
            yield return new Refusal(
                $"{At("volumes", index, "fileSystem")}: The clone '{volume.Name}' cannot have {other}: its source has {fileSystem}.");
        }

        if (volume.Size is { } size && SmallestOf(image?.Size ?? source?.Size, desired?.Size) is { } least && size < least)
        {
            yield return new Refusal(
                $"{At("volumes", index, "size")}: The clone '{volume.Name}' would have {size}, less than the {least} of its source. "
                    + $"Give {least} or more.");
        }
    }

    // A source may be replaced by the same plan, and its snapshots with it.
    private static ByteSize? SmallestOf(ByteSize? present, ByteSize? desired) =>
        present is { } one && desired is { } other ? (one < other ? one : other) : present ?? desired;

    private IEnumerable<Refusal> CheckAccess(ConfiguredAccess access, int index, Dictionary<string, Target> targets)
    {
        if (access.Ensure != Ensure.Present)
        {
            yield break;
        }

        if (!targets.TryGetValue(access.Target, out var target))
        {
            yield return new Refusal(
                $"{At("access", index, "target")}: No target '{access.Target}' is configured on this cluster. "
                    + $"{(targets.Count == 0 ? "None is." : Nearest.Hint(access.Target, targets.Keys))}");
            yield break;
        }

        var type = _volumes.TryGetValue(access.Volume, out var desired) && desired.Type is { } wanted
            ? wanted
            : state.Volumes.TryGetValue(access.Volume, out var actual)
            ? actual.Type
            : VolumeType.Block;
        var serves = target.Protocol == TargetProtocol.Nfs ? VolumeType.File : VolumeType.Block;
        if (type != serves)
        {
            yield return new Refusal(
                $"{At("access", index, "target")}: The volume '{access.Volume}' is of type {type}; "
                    + $"the target '{target.Name}' has the protocol {target.Protocol}, which serves volumes of type {serves}.");
        }
        else if (access.Type == AccessRuleType.Iqn && target.Protocol == TargetProtocol.Nfs)
        {
            yield return new Refusal(
                $"{At("access", index, "type")}: The target '{target.Name}' has the protocol {target.Protocol}, whose clients have no IQN. "
                    + "Give the type Host or Ip.");
        }
    }
}
