using System.Collections.Immutable;

namespace HedvigStorage.ClusterHost.Tests.Races;

/// <summary>A volume as a client sees it.</summary>
/// <param name="Id">Null while no answer has told it.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Source">What it was cloned from: <c>volume</c> or <c>volume@snapshot</c>.</param>
/// <param name="Snapshots">The sizes of its snapshots, by name.</param>
internal sealed record VolumeModel(string? Id, long Size, string? Source, ImmutableSortedDictionary<string, long> Snapshots)
{
    public static VolumeModel New(string? id, long size, string? source = null) =>
        new(id, size, source, ImmutableSortedDictionary<string, long>.Empty);

    public bool Equals(VolumeModel? other) =>
        other is not null && Id == other.Id && Size == other.Size && Source == other.Source && Snapshots.SequenceEqual(other.Snapshots);

    /// <summary>Tells whether this can be that, whose identity may be known better.</summary>
    public bool CanBe(VolumeModel? seen) => seen is not null && (this with { Id = Id ?? seen.Id }).Equals(seen with { Id = seen.Id ?? Id });

    public override int GetHashCode() => System.HashCode.Combine(Id, Size, Source, Snapshots.Count);

    public override string ToString() =>
        $"{Size >> 20}MB {Id?[^4..] ?? "?"} of {Source ?? "nothing"} "
            + $"[{string.Join(' ', Snapshots.Select(snapshot => $"{snapshot.Key}:{snapshot.Value >> 20}MB"))}]";
}
