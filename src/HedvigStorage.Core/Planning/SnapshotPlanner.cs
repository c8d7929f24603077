using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Plans snapshots. One that is there stays as it is: it is an image of its instant.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="state">What is there.</param>
/// <param name="catalog">Makes steps of what ownership asks for.</param>
/// <param name="replaced">The volumes that are replaced, whose snapshots go with them.</param>
internal sealed class SnapshotPlanner(ICluster cluster, ClusterState state, CatalogObject catalog, IReadOnlyCollection<string> replaced)
{
    public IEnumerable<PlanStep> Plan(Configuration configuration)
    {
        var desired = new HashSet<string>(
            configuration.Volumes.Where(volume => volume.Ensure == Ensure.Present).Select(volume => volume.Name), StringComparer.Ordinal);
        return configuration.Snapshots.Select(snapshot => PlanOne(snapshot, desired));
    }

    public PlanStep PlanRemoval(string volume, string name, string reason) =>
        new(ResourceKind.Snapshot, ClusterState.NameOf(volume, name), StepAction.Remove)
    {
        Reason = reason,
        Cost = "Its data is lost.",
        DestroysData = true,
        Execute = (_, cancellationToken) => cluster.DeleteSnapshotAsync(volume, name, cancellationToken),
    };

    private PlanStep PlanOne(ConfiguredSnapshot snapshot, HashSet<string> desiredVolumes)
    {
        var name = ClusterState.NameOf(snapshot.Volume, snapshot.Name);
        var item = LabelledObject.Snapshot(snapshot.Volume, snapshot.Name);
        var digest = Ownership.Digest([]);
        _ = state.Snapshots.TryGetValue(name, out var actual);
        switch (snapshot.Ensure)
        {
            case Ensure.Forgotten:
                return catalog.Forget(ResourceKind.Snapshot, name, item, actual?.Labels);
            case Ensure.Absent:
                return actual is null
                    ? CatalogObject.AsDesired(ResourceKind.Snapshot, name, there: false)
                    : catalog.Settle(
                        PlanRemoval(snapshot.Volume, snapshot.Name, "The document makes it absent."), item, actual.Labels, digest);
            default:
                break;
        }

        if (actual is not null && !replaced.Contains(snapshot.Volume, StringComparer.Ordinal))
        {
            return catalog.Settle(CatalogObject.AsDesired(ResourceKind.Snapshot, name, there: true), item, actual.Labels, digest);
        }

        if (!desiredVolumes.Contains(snapshot.Volume) && !state.Volumes.ContainsKey(snapshot.Volume))
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"The snapshot '{snapshot.Name}' is of the volume '{snapshot.Volume}', which is neither on the cluster nor in the "
                    + "document.");
        }

        return new PlanStep(ResourceKind.Snapshot, name, StepAction.Create)
        {
            Reason = actual is null ? "It is not there." : "It goes with the volume that is replaced; one of the new volume is made.",
            Execute = (_, cancellationToken) =>
                cluster.CreateSnapshotAsync(snapshot.Volume, snapshot.Name, catalog.Labels(digest), cancellationToken),
        };
    }
}
