using System.Text.Json.Serialization;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>How far a volume is.</summary>
internal enum MountPhase
{
    /// <summary>Its image was blank, and a file system is being made in it; nobody has been given it yet.</summary>
    Formatting,

    /// <summary>It is mounted.</summary>
    Mounted,

    /// <summary>Nobody uses it any longer; it is still to be unmounted or its lease to be given back.</summary>
    Releasing,

    /// <summary>
    /// Another host has its lease: nothing that is written here reaches the image any longer. It is unmounted when nobody uses it.
    /// </summary>
    Stale,
}

/// <summary>What the plugin host knows of a volume that it has attached. It is kept on disk.</summary>
internal sealed record MountRecord
{
    public required string Volume { get; init; }

    /// <summary>Gets the volume's identity: one of the same name that was made later is another volume.</summary>
    public string? VolumeId { get; init; }

    /// <summary>Gets the lease's generation.</summary>
    public required long Generation { get; init; }

    /// <summary>Gets the boot in which the record was made: mounts do not outlive it.</summary>
    public required string BootId { get; init; }

    /// <summary>Gets where the data is.</summary>
    public required string Image { get; init; }

    public required MountPhase Phase { get; init; }

    /// <summary>Gets the identity of the file system that is being made, in <see cref="MountPhase.Formatting"/>.</summary>
    public Guid? FileSystemId { get; init; }

    /// <summary>
    /// Gets how many times each mount ID has it mounted. It is a count and no set: docker cp on a running container mounts with the
    /// ID that the container has already mounted with, and unmounts once.
    /// </summary>
    [JsonConverter(typeof(UseCounts))]
    public IReadOnlyList<UseCount> Uses { get; init; } = [];

    /// <summary>Counts all uses.</summary>
    public int CountUses() => Uses.Sum(use => use.Count);

    /// <summary>Adds a use of an ID.</summary>
    /// <param name="id">The mount ID.</param>
    /// <param name="engine">The engine's process that asks for it.</param>
    public MountRecord WithUse(string id, string? engine) => this with
    {
        Uses = FindUse(id, engine) is { } known && string.Equals(known.Engine, engine, StringComparison.Ordinal)
            ? [.. Uses.Select(use => use == known ? known with { Count = known.Count + 1 } : use)]
            : [.. Uses, new UseCount(id, 1, engine)],
    };

    /// <summary>
    /// Takes a use of an ID away; without one, nothing changes. The end of what an earlier process of the engine began is told by the
    /// present one.
    /// </summary>
    /// <param name="id">The mount ID.</param>
    /// <param name="engine">The engine's process that ends it.</param>
    public MountRecord WithoutUse(string id, string? engine) => FindUse(id, engine) is { } ended
        ? this with { Uses = [.. Uses.Select(use => use == ended ? use with { Count = use.Count - 1 } : use).Where(use => use.Count > 0)] }
        : this;

    private UseCount? FindUse(string id, string? engine)
    {
        var uses = Uses.Where(use => string.Equals(use.Id, id, StringComparison.Ordinal)).ToList();
        return uses.Find(use => string.Equals(use.Engine, engine, StringComparison.Ordinal)) ?? uses.LastOrDefault();
    }
}
