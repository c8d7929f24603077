using System;
using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Plans snapshots. One that is there stays as it is: it is an image of its instant.</summary>
internal static class SnapshotPlanner
{
    public static IEnumerable<PlanStep> Plan(ICluster cluster, Configuration configuration, ClusterState state)
    {
        var desired = new HashSet<string>(configuration.Volumes.Where(volume => volume.Ensure == Ensure.Present).Select(volume => volume.Name), StringComparer.Ordinal);
        return configuration.Snapshots.Select(snapshot => PlanOne(cluster, snapshot, state, desired));
    }

    private static PlanStep PlanOne(ICluster cluster, ConfiguredSnapshot snapshot, ClusterState state, HashSet<string> desiredVolumes)
    {
        var name = $"{snapshot.Volume}@{snapshot.Name}";
        var there = state.Snapshots.Contains((snapshot.Volume, snapshot.Name));
        if (there == (snapshot.Ensure == Ensure.Present))
        {
            return new PlanStep(ResourceKind.Snapshot, name, StepAction.None) { Reason = there ? "It is there." : "It is not there, as desired." };
        }

        if (there)
        {
            return new PlanStep(ResourceKind.Snapshot, name, StepAction.Remove)
            {
                Reason = "The document makes it absent. Its data is lost.",
                DestroysData = true,
                Execute = (_, cancellationToken) => cluster.DeleteSnapshotAsync(snapshot.Volume, snapshot.Name, cancellationToken),
            };
        }

        if (!desiredVolumes.Contains(snapshot.Volume) && !state.Volumes.ContainsKey(snapshot.Volume))
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"The snapshot '{snapshot.Name}' is of the volume '{snapshot.Volume}', which is neither on the cluster nor in the document.");
        }

        return new PlanStep(ResourceKind.Snapshot, name, StepAction.Create)
        {
            Reason = "It is not there.",
            Execute = (_, cancellationToken) => cluster.CreateSnapshotAsync(snapshot.Volume, snapshot.Name, cancellationToken),
        };
    }
}
