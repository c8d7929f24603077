using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Plans volumes: made, grown and changed in place; what cannot be changed is a replacement, which needs consent.</summary>
internal static class VolumePlanner
{
    public static IEnumerable<PlanStep> Plan(ICluster cluster, Configuration configuration, ClusterState state) =>
        configuration.Volumes.Select(volume => state.Volumes.TryGetValue(volume.Name, out var actual)
            ? PlanExisting(cluster, volume, actual, state)
            : PlanMissing(cluster, volume, state));

    private static PlanStep PlanMissing(ICluster cluster, ConfiguredVolume volume, ClusterState state) => volume.Ensure == Ensure.Absent
        ? new PlanStep(ResourceKind.Volume, volume.Name, StepAction.None) { Reason = "It is not there, as desired." }
        : new PlanStep(ResourceKind.Volume, volume.Name, StepAction.Create)
        {
            Reason = "It is not there.",
            Changes = Specified(volume).ToArray(),
            Notes = AttributeComparison.NotesOn(volume.Attributes, state.Capabilities),
            Execute = (_, cancellationToken) => cluster.CreateVolumeAsync(Specification(volume), cancellationToken),
        };

    private static PlanStep PlanExisting(ICluster cluster, ConfiguredVolume volume, Volume actual, ClusterState state)
    {
        if (volume.Ensure == Ensure.Absent)
        {
            return PlanRemoval(cluster, actual);
        }

        var immutable = ImmutableDifferences(volume, actual).ToArray();
        if (immutable.Length > 0)
        {
            return PlanReplacement(cluster, volume, actual, immutable);
        }

        if (volume.Size is { } size && RoundUp(size) < actual.Size)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume '{volume.Name}' is {actual.Size} and the document asks for {size}. A volume never shrinks: ask for {actual.Size} or more, or make another volume.");
        }

        var changes = Differences(volume, actual).ToList();
        var grows = volume.Size is { } wanted && RoundUp(wanted) > actual.Size;
        if (grows)
        {
            changes.Insert(0, new PropertyChange("size", actual.Size.ToString(), volume.Size.ToString()));
        }

        return changes.Count == 0
            ? new PlanStep(ResourceKind.Volume, volume.Name, StepAction.None) { Reason = "It is as desired." }
            : new PlanStep(ResourceKind.Volume, volume.Name, grows ? StepAction.Grow : StepAction.Update)
            {
                Reason = grows ? "It is smaller than desired." : "It differs.",
                Changes = changes,
                Notes = AttributeComparison.NotesOn(volume.Attributes, state.Capabilities),
                Execute = (_, cancellationToken) => ChangeAsync(cluster, volume, actual, grows, cancellationToken),
            };
    }

    private static PlanStep PlanRemoval(ICluster cluster, Volume actual) => actual.Protected
        ? throw new ClusterException(
            ErrorCode.Refused,
            $"The document makes the volume '{actual.Name}' absent, but it is protected. Apply it with \"protect\": false first.")
        : new PlanStep(ResourceKind.Volume, actual.Name, StepAction.Remove)
        {
            Reason = actual.SnapshotCount == 0
                ? "The document makes it absent. Its data is lost."
                : $"The document makes it absent. Its data and {actual.SnapshotCount} snapshots are lost.",
            DestroysData = true,
            Execute = (_, cancellationToken) => cluster.DeleteVolumeAsync(actual.Name, cancellationToken),
        };

    private static PlanStep PlanReplacement(ICluster cluster, ConfiguredVolume volume, Volume actual, PropertyChange[] immutable) => actual.Protected
        ? throw new ClusterException(
            ErrorCode.Refused,
            $"The volume '{volume.Name}' is protected, and its {immutable[0].Property} can only be changed from {immutable[0].Before} to {immutable[0].After} by replacing it.")
        : new PlanStep(ResourceKind.Volume, volume.Name, StepAction.Replace)
        {
            Reason = $"{string.Join(" and ", immutable.Select(change => change.Property))} cannot be changed in place. All data of the volume is lost.",
            Changes = immutable,
            DestroysData = true,
            Needs = Consent.Replace,
            Execute = async (context, cancellationToken) =>
            {
                context.Report("removing");
                await cluster.DeleteVolumeAsync(volume.Name, cancellationToken).ConfigureAwait(false);
                context.Report("making");
                _ = await cluster.CreateVolumeAsync(Specification(volume), cancellationToken).ConfigureAwait(false);
            },
        };

    private static async Task ChangeAsync(ICluster cluster, ConfiguredVolume volume, Volume actual, bool grows, CancellationToken cancellationToken)
    {
        if (grows)
        {
            _ = await cluster.ResizeVolumeAsync(volume.Name, volume.Size!.Value, cancellationToken).ConfigureAwait(false);
        }

        if (Differences(volume, actual).Any())
        {
            var change = new VolumeChange { Policy = volume.Policy, Attributes = volume.Attributes, Description = volume.Description, Protected = volume.Protect };
            _ = await cluster.UpdateVolumeAsync(volume.Name, change, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IEnumerable<PropertyChange> ImmutableDifferences(ConfiguredVolume volume, Volume actual)
    {
        if (volume.Type is { } type && type != actual.Type)
        {
            yield return new PropertyChange("type", actual.Type.ToString(), type.ToString());
        }

        if (volume.FileSystem is { } fileSystem && fileSystem != actual.FileSystem)
        {
            yield return new PropertyChange("fileSystem", actual.FileSystem.ToString(), fileSystem.ToString());
        }
    }

    private static IEnumerable<PropertyChange> Differences(ConfiguredVolume volume, Volume actual)
    {
        if (volume.Policy is { } policy && !string.Equals(policy, actual.Policy, StringComparison.Ordinal))
        {
            yield return new PropertyChange("policy", actual.Policy, policy);
        }

        foreach (var change in AttributeComparison.Compare(actual.Requested, volume.Attributes))
        {
            yield return change;
        }

        if (volume.Description is { } description && !string.Equals(description, actual.Description, StringComparison.Ordinal))
        {
            yield return new PropertyChange("description", actual.Description, description);
        }

        if (volume.Protect is { } protect && protect != actual.Protected)
        {
            yield return new PropertyChange("protect", AttributeTable.Format(actual.Protected), AttributeTable.Format(protect));
        }
    }

    private static IEnumerable<PropertyChange> Specified(ConfiguredVolume volume)
    {
        var pairs = new (string Property, object? Value)[]
        {
            ("size", volume.Size), ("type", volume.Type), ("policy", volume.Policy), ("fileSystem", volume.FileSystem), ("uid", volume.Uid), ("gid", volume.Gid),
            ("mode", volume.Mode is { } mode ? PermissionBits.Format(mode) : null), ("protect", volume.Protect), ("description", volume.Description),
            ("from", volume.From), ("snapshot", volume.Snapshot),
        };
        return pairs.Where(pair => pair.Value is not null)
            .Select(pair => new PropertyChange(pair.Property, null, AttributeTable.Format(pair.Value)))
            .Concat(AttributeComparison.Specified(volume.Attributes));
    }

    private static VolumeSpecification Specification(ConfiguredVolume volume) => new()
    {
        Name = volume.Name,
        Size = volume.Size,
        Type = volume.Type,
        Policy = volume.Policy,
        Attributes = volume.Attributes,
        FileSystem = volume.FileSystem,
        Uid = volume.Uid,
        Gid = volume.Gid,
        Mode = volume.Mode,
        Protected = volume.Protect,
        Description = volume.Description,
        SourceVolume = volume.From,
        SourceSnapshot = volume.Snapshot,
    };

    // Clusters allocate in blocks: a size between two of them must not look like a difference for ever.
    private static ByteSize RoundUp(ByteSize size)
    {
        const long Block = 4096;
        return size.Bytes > long.MaxValue - Block ? size : new ByteSize((size.Bytes + Block - 1) / Block * Block);
    }
}
