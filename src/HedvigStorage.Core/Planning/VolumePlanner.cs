using HedvigStorage.Documents;
using HedvigStorage.Properties;

namespace HedvigStorage.Planning;

/// <summary>Plans volumes: made, grown and changed in place; what cannot be changed is a replacement, which needs consent.</summary>
internal sealed class VolumePlanner(
    ICluster cluster, ClusterState state, CatalogObject catalog, IReadOnlyCollection<ConfiguredAccess> access)
{
    private readonly VolumeCreations _creations = new(cluster);
    private readonly HashSet<string> _describedAccess = new(access.Select(rule => rule.Id), StringComparer.Ordinal);

    // The size that the document asked for and the larger one that was found and accepted, in bytes.
    private const string AcceptedSizeLabel = Ownership.Prefix + "accepted-size";

    public IEnumerable<PlanStep> Plan(Configuration configuration) => configuration.Volumes.Select(PlanOne);

    /// <summary>Makes the step that removes a volume.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: the volume is protected.</exception>
    public PlanStep PlanRemoval(Volume actual, string reason) => actual.Protected
        ? throw new ClusterException(
            ErrorCode.Refused,
            $"The document makes the volume '{actual.Name}' absent, but it is protected. Apply it with \"protect\": false first.")
        : new PlanStep(ResourceKind.Volume, actual.Name, StepAction.Remove)
        {
            Reason = reason,
            Cost = Loss(actual),
            DestroysData = true,
            Identity = actual.Id,
            Execute = (_, cancellationToken) => RemoveAsync(actual, cancellationToken),
        };

    private PlanStep PlanOne(ConfiguredVolume volume)
    {
        var item = LabelledObject.OfVolume(volume.Name);
        var digest = Ownership.Digest(Specified(volume));
        if (!state.Volumes.TryGetValue(volume.Name, out var actual))
        {
            return volume.Ensure == Ensure.Present
                ? PlanMissing(volume, digest)
                : CatalogObject.AsDesired(ResourceKind.Volume, volume.Name, there: false);
        }

        return volume.Ensure switch
        {
            Ensure.Forgotten => catalog.Forget(ResourceKind.Volume, volume.Name, item, actual.Labels),
            Ensure.Absent => catalog.Settle(PlanRemoval(actual, "The document makes it absent."), item, actual.Labels, digest),
            _ => catalog.Settle(PlanExisting(volume, actual, digest), item, actual.Labels, digest),
        };
    }

    private PlanStep PlanMissing(ConfiguredVolume volume, string digest)
    {
        var specification = Specification(volume, digest);
        var step = new PlanStep(ResourceKind.Volume, volume.Name, StepAction.Create)
        {
            Reason = "It is not there.",
            Changes = Specified(volume).ToArray(),
            Notes = AttributeComparison.NotesOn(volume.Attributes, state.Capabilities),
        };
        if (volume.SourceVolume is null && state.Capabilities.VolumeBatches)
        {
            _creations.Add(step, specification);
            step.Batch = _creations.Batch;
        }
        else
        {
            step.Execute = (_, cancellationToken) => cluster.CreateVolumeAsync(specification, cancellationToken);
        }

        return step;
    }

    private PlanStep PlanExisting(ConfiguredVolume volume, Volume actual, string digest)
    {
        var immutable = ImmutableDifferences(volume, actual).ToArray();
        if (immutable.Length > 0)
        {
            return PlanReplacement(volume, actual, immutable, digest);
        }

        var grown = volume.Size is { } size && RoundUp(size) < actual.Size;
        if (grown && !GrownElsewhere(actual, volume.Size!.Value, digest))
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume '{volume.Name}' is {Show(actual)} and the document asks for {volume.Size}. A volume never shrinks: "
                    + $"ask for {Show(actual)} or more, or make another volume.");
        }

        var differences = Differences(volume, actual).ToArray();
        var accepts = grown && !IsAccepted(actual, volume.Size!.Value);
        if (accepts && differences.Length == 0)
        {
            return PlanAcceptance(volume, actual);
        }

        var grows = volume.Size is { } wanted && RoundUp(wanted) > actual.Size;
        if (!grows && differences.Length == 0)
        {
            return CatalogObject.AsDesired(ResourceKind.Volume, volume.Name, there: true);
        }

        return new PlanStep(ResourceKind.Volume, volume.Name, grows ? StepAction.Grow : StepAction.Update)
        {
            Reason = grows ? "It is smaller than desired." : "It differs.",
            Changes = grows ? [new PropertyChange("size", Show(actual), volume.Size.ToString()), .. differences] : differences,
            Notes = [.. AttributeComparison.NotesOn(volume.Attributes, state.Capabilities), .. NotesOnPlace(actual, differences)],
            Identity = actual.Id,
            Execute = async (_, cancellationToken) =>
            {
                await ChangeAsync(volume, grows, differences.Length > 0, cancellationToken).ConfigureAwait(false);
                if (accepts)
                {
                    await AcceptAsync(volume, actual, cancellationToken).ConfigureAwait(false);
                }
            },
        };
    }

    private IEnumerable<string> NotesOnPlace(Volume actual, PropertyChange[] differences)
    {
        if (state.Capabilities.FixedPlacementTypes.Contains(actual.Type)
            && Array.Exists(differences, change => string.Equals(change.Property, "policy", StringComparison.Ordinal)))
        {
            yield return $"Its data stays where it is: the engine {state.Capabilities.Engine} does not move volumes of type {actual.Type}. "
                + "Its attributes are those of the new policy once it is replaced.";
        }
    }

    // The same document made it smaller: whoever has grown it since had a reason, and all the rest must not wait for the document to be
    // changed.
    private bool GrownElsewhere(Volume actual, ByteSize desired, string digest) =>
        catalog.CauseOf(actual.Labels, digest) == ChangeCause.Drift || IsAccepted(actual, desired);

    private bool IsAccepted(Volume actual, ByteSize desired) =>
        catalog.Owns(actual.Labels) && actual.Labels.TryGetValue(AcceptedSizeLabel, out var accepted)
            && string.Equals(accepted, Acceptance(actual, desired), StringComparison.Ordinal);

    private PlanStep PlanAcceptance(ConfiguredVolume volume, Volume actual) => new(ResourceKind.Volume, volume.Name, StepAction.Adopt)
    {
        Reason =
            $"It was grown to {Show(actual)} outside the document, which asks for {volume.Size}. A volume never shrinks: it stays so, "
                + $"and that is noted. Write {Show(actual)} into the document.",
        Cause = ChangeCause.Drift,
        Identity = $"{actual.Id} {Acceptance(actual, volume.Size!.Value)}",
        Execute = (_, cancellationToken) => AcceptAsync(volume, actual, cancellationToken),
    };

    private Task AcceptAsync(ConfiguredVolume volume, Volume actual, CancellationToken cancellationToken) => cluster.SetLabelsAsync(
        LabelledObject.OfVolume(volume.Name),
        new Dictionary<string, string?>(StringComparer.Ordinal) { [AcceptedSizeLabel] = Acceptance(actual, volume.Size!.Value) },
        cancellationToken);

    private static string Acceptance(Volume actual, ByteSize desired) =>
        $"{desired.Bytes.ToString(CultureInfo.InvariantCulture)}-{actual.Size.ToString(CultureInfo.InvariantCulture)}";

    private PlanStep PlanReplacement(ConfiguredVolume volume, Volume actual, PropertyChange[] immutable, string digest) => actual.Protected
        ? throw new ClusterException(
            ErrorCode.Refused,
            $"The volume '{volume.Name}' is protected, and its {immutable[0].Property} can only be changed from "
                + $"{immutable[0].Before ?? "(none)"} to {immutable[0].After} by replacing it.")
        : new PlanStep(ResourceKind.Volume, volume.Name, StepAction.Replace)
        {
            Reason = $"{string.Join(" and ", immutable.Select(change => change.Property))} cannot be changed in place.",
            Cost = Loss(actual),
            Changes = immutable,
            DestroysData = true,
            Needs = Consent.Replace,
            Identity = actual.Id,
            Execute = async (context, cancellationToken) =>
            {
                context.Report("removing");
                await RemoveAsync(actual, cancellationToken).ConfigureAwait(false);
                context.Report("making");
                _ = await cluster.CreateVolumeAsync(Specification(volume, digest), cancellationToken).ConfigureAwait(false);
            },
        };

    // A volume that is mapped or exported cannot be removed. What nobody but the document has given access to goes with it; all else the
    // cluster refuses, naming it.
    private async Task RemoveAsync(Volume actual, CancellationToken cancellationToken)
    {
        foreach (var target in OwnMappings(actual.Name))
        {
            await (actual.Type == VolumeType.File
                ? cluster.Access.RemoveExportAsync(actual.Name, target, cancellationToken)
                : cluster.Access.RemoveLunAsync(actual.Name, target, cancellationToken)).ConfigureAwait(false);
        }

        await cluster.DeleteVolumeAsync(actual.Name, cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<string> OwnMappings(string volume)
    {
        var rules = state.Rules.Values.Where(rule => string.Equals(rule.Volume, volume, StringComparison.Ordinal))
            .ToLookup(rule => rule.Target, StringComparer.Ordinal);
        return state.Mappings.Where(mapping => string.Equals(mapping.Volume, volume, StringComparison.Ordinal))
            .Select(mapping => mapping.Target)
            .Where(
                target =>
                    rules.Contains(target)
                        && rules[target].All(rule => catalog.Owns(rule.Labels) || _describedAccess.Contains(ClusterState.NameOf(rule))));
    }

    private async Task ChangeAsync(ConfiguredVolume volume, bool grows, bool differs, CancellationToken cancellationToken)
    {
        if (grows)
        {
            _ = await cluster.ResizeVolumeAsync(volume.Name, volume.Size!.Value, cancellationToken).ConfigureAwait(false);
        }

        if (differs)
        {
            var change = PropertyComparison.Change(VolumeProperties.All, volume, new VolumeChange());
            _ = await cluster.UpdateVolumeAsync(volume.Name, change, cancellationToken).ConfigureAwait(false);
        }
    }

    // A size only grows, which has a step of its own. A cluster that does not know the extension neither tells all nor changes attributes
    // in place.
    private IEnumerable<PropertyChange> ImmutableDifferences(ConfiguredVolume volume, Volume actual) => PropertyComparison.Compare(
        VolumeProperties.All.Where(
            property =>
                property.Form is not SizeForm && !IsChangedInPlace(property, actual.Type)
                    && (state.Capabilities.Extension || !property.NeedsExtension)),
        volume,
        actual);

    private IEnumerable<PropertyChange> Differences(ConfiguredVolume volume, Volume actual) =>
        PropertyComparison.Compare(
            VolumeProperties.All.Where(property => IsChangedInPlace(property, actual.Type)), volume, actual);

    private bool IsChangedInPlace(ObjectProperty<VolumeSpecification, Volume, VolumeChange> property, VolumeType type) =>
        property.InPlace is not null && (property.Attribute is not { } attribute
            || (state.Capabilities.Extension && !AttributeComparison.IsFixed(attribute, type, state.Capabilities)));

    private static IEnumerable<PropertyChange> Specified(ConfiguredVolume volume) =>
        PropertyComparison.Specified(VolumeProperties.All, volume);

    private VolumeSpecification Specification(ConfiguredVolume volume, string digest) => volume with { Labels = catalog.Labels(digest) };

    private static string Loss(Volume volume)
    {
        var used = volume.Allocated is > 0 and { } allocated ? $" ({new ByteSize(allocated)} on disk)" : string.Empty;
        var snapshots =
            volume.SnapshotCount switch { 0 => string.Empty, 1 => " and its snapshot", var count => " and its "
                + $"{count.ToString(CultureInfo.InvariantCulture)} snapshots" };
        return $"All data of the volume{used}{snapshots} is lost.";
    }

    private static string Show(Volume volume) => new ByteSize(volume.Size).ToString();

    // Clusters allocate in blocks: a size between two of them must not look like a difference for ever.
    private static ByteSize RoundUp(ByteSize size)
    {
        const long Block = 4096;
        return size.Bytes > long.MaxValue - Block ? size : new ByteSize((size.Bytes + Block - 1) / Block * Block);
    }
}
