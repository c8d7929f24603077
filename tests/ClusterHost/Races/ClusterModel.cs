using System.Collections.Immutable;

namespace HedvigStorage.ClusterHost.Tests.Races;

/// <summary>
/// All volumes at one moment, and what each operation does to them when nothing else happens: the rules that a cluster keeps.
/// </summary>
internal sealed record ClusterModel(ImmutableSortedDictionary<string, VolumeModel> Volumes)
{
    public static ClusterModel Empty { get; } = new(ImmutableSortedDictionary.Create<string, VolumeModel>(StringComparer.Ordinal));

    public bool Equals(ClusterModel? other) => other is not null && Volumes.SequenceEqual(other.Volumes);

    public override int GetHashCode() => Volumes.Aggregate(0, (hash, volume) => HashCode.Combine(hash, volume.Key, volume.Value));

    public override string ToString() =>
        Volumes.IsEmpty ? "nothing" : string.Join(", ", Volumes.Select(volume => $"{volume.Key}={volume.Value}"));

    /// <summary>Tells whether this can be those volumes.</summary>
    public bool CanBe(ClusterModel seen) =>
        Volumes.Count == seen.Volumes.Count && Volumes.All(volume => volume.Value.CanBe(seen.Volumes.GetValueOrDefault(volume.Key)));

    /// <summary>Carries out an operation at once.</summary>
    /// <returns>The volumes afterwards, or null if the answer that the operation got cannot be the answer to it here.</returns>
    public ClusterModel? Apply(Operation operation)
    {
        if (operation.Answer is { Code: "Busy" or "NoSpace" })
        {
            return this;
        }

        var (code, after, seen) = Run(operation);
        var answer = operation.Answer;
        if (answer is null)
        {
            return after;
        }

        if (answer.Code != code)
        {
            return null;
        }

        if (code is not null || answer.Volume is null)
        {
            return code is null && operation.Kind == OperationKind.List && !after.CanBeListed(answer) ? null : after;
        }

        // The answer tells the identity of the volume; the sizes of snapshots it does not tell.
        return seen is not null && seen.CanBe(answer.Volume with { Snapshots = seen.Snapshots })
            && (answer.SnapshotCount is not { } count || count == seen.Snapshots.Count)
            ? after.With(operation.Name, seen with { Id = answer.Volume.Id })
            : null;
    }

    private ClusterModel With(string name, VolumeModel volume) => new(Volumes.SetItem(name, volume));

    private bool CanBeListed(Answer answer) => Volumes.Count == answer.Listed!.Count && Volumes.All(volume =>
        answer.Listed.TryGetValue(volume.Key, out var listed)
        && volume.Value.CanBe(listed.Volume with { Snapshots = volume.Value.Snapshots })
        && volume.Value.Snapshots.Count == listed.SnapshotCount);

    private (string? Code, ClusterModel After, VolumeModel? Seen) Run(Operation operation)
    {
        var volume = Volumes.GetValueOrDefault(operation.Name);
        switch (operation.Kind)
        {
            case OperationKind.Create:
                return Make(operation, operation.Size, null);
            case OperationKind.Clone:
                return MakeFromSource(operation);
            case OperationKind.List:
                return (null, this, null);
            case OperationKind.Forget:
                return (
                    null,
                    volume is null ? this : With(operation.Name, volume with { Snapshots = volume.Snapshots.Remove(operation.Snapshot!) }),
                    null);
        }

        if (volume is null)
        {
            return ("NotFound", this, null);
        }

        switch (operation.Kind)
        {
            case OperationKind.Delete:
                return (null, new ClusterModel(Volumes.Remove(operation.Name)), null);
            case OperationKind.Resize when operation.Size < volume.Size:
                return ("Refused", this, null);
            case OperationKind.Resize:
                var grown = volume with { Size = operation.Size };
                return (null, With(operation.Name, grown), grown);
            case OperationKind.Snapshot:
                var kept = volume.Snapshots.ContainsKey(operation.Snapshot!)
                    ? volume
                    : volume with { Snapshots = volume.Snapshots.Add(operation.Snapshot!, volume.Size) };
                var right = operation.Answer?.SnapshotSize is not { } size || kept.Snapshots[operation.Snapshot!] == size;
                return (right ? null : "another size", With(operation.Name, kept), null);
            default:
                return (null, this, volume);
        }
    }

    private (string? Code, ClusterModel After, VolumeModel? Seen) MakeFromSource(Operation operation)
    {
        if (!Volumes.TryGetValue(operation.Source!, out var source))
        {
            return ("NotFound", this, null);
        }

        var smallest = source.Size;
        if (operation.Snapshot is not null && !source.Snapshots.TryGetValue(operation.Snapshot, out smallest))
        {
            return ("NotFound", this, null);
        }

        var size = operation.Size == 0 ? smallest : operation.Size;
        return size < smallest
            ? ("Refused", this, null)
            : Make(operation, size, operation.Snapshot is null ? operation.Source : $"{operation.Source}@{operation.Snapshot}");
    }

    private (string? Code, ClusterModel After, VolumeModel? Seen) Make(Operation operation, long size, string? source)
    {
        if (Volumes.TryGetValue(operation.Name, out var existing))
        {
            return existing.Size == size && existing.Source == source ? (null, this, existing) : ("Conflict", this, null);
        }

        var made = VolumeModel.New(null, size, source);
        return (null, With(operation.Name, made), made);
    }
}
