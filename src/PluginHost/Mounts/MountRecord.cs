using System;
using System.Collections.Generic;
using System.Linq;

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
    public IReadOnlyDictionary<string, int> Uses { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Counts all uses.</summary>
    public int CountUses() => Uses.Values.Sum();

    /// <summary>Adds a use of an ID.</summary>
    public MountRecord WithUse(string id) =>
        this with { Uses = new Dictionary<string, int>(Uses, StringComparer.Ordinal) { [id] = Uses.GetValueOrDefault(id) + 1 } };

    /// <summary>Takes a use of an ID away; without one, nothing changes.</summary>
    public MountRecord WithoutUse(string id)
    {
        if (!Uses.TryGetValue(id, out var count))
        {
            return this;
        }

        var uses = new Dictionary<string, int>(Uses, StringComparer.Ordinal) { [id] = count - 1 };
        if (count <= 1)
        {
            uses.Remove(id);
        }

        return this with { Uses = uses };
    }
}
