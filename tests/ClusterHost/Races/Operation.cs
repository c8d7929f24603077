using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Races;

internal enum OperationKind
{
    Create,
    Delete,
    Resize,
    Snapshot,
    Forget,
    Clone,
    Look,
    List,
}

/// <summary>What a client asked for, and the answer if it got one.</summary>
/// <param name="Name">The volume that is made, changed or looked at.</param>
/// <param name="Size">In bytes; 0 for a clone of its source's size.</param>
internal sealed record Operation(int Number, OperationKind Kind, string Name, long Size = 0, string? Snapshot = null, string? Source = null)
{
    /// <summary>Gets or sets the answer; null while none has come: then it may have happened or not.</summary>
    public Answer? Answer { get; set; }

    public (string Type, JsonObject Parameters) ToRequest()
    {
        switch (Kind)
        {
            case OperationKind.Create:
                return ("AddVirtualDisk", new JsonObject { ["name"] = Name, ["size"] = Size, ["diskType"] = "BLOCK" });
            case OperationKind.Delete:
                return ("DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray(Name) });
            case OperationKind.Resize:
                return ("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray(Name), ["size"] = Size });
            case OperationKind.Snapshot:
                return ("MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray(Name), ["snapshotName"] = Snapshot });
            case OperationKind.Forget:
                return ("DeleteSnapshot", new JsonObject { ["openstackVolName"] = Name, ["snapshotName"] = Snapshot });
            case OperationKind.Clone:
                var clone = new JsonObject { ["srcVolName"] = Source, ["cloneVolName"] = Name, ["snapshotName"] = Snapshot };
                if (Size > 0)
                {
                    clone["size"] = Size;
                }

                return ("CloneVdisk", clone);
            case OperationKind.Look:
                return ("VirtualDiskDetails", new JsonObject { ["virtualDisk"] = Name });
            default:
                return ("ListVolumes", []);
        }
    }

    public override string ToString() =>
        $"#{Number} {Kind} {Source}{(Kind == OperationKind.Clone ? "→" : string.Empty)}{Name}{(Snapshot is null ? string.Empty : "@" + Snapshot)}{(Size == 0 ? string.Empty : $" {Size >> 20}MB")}: {Answer?.ToString() ?? "no answer"}";
}

/// <summary>What a cluster answered.</summary>
/// <param name="Code">What kind of failure; null if it is none.</param>
internal sealed record Answer(string? Code)
{
    /// <summary>Gets the volume as the answer tells it, without its snapshots.</summary>
    public VolumeModel? Volume { get; init; }

    public int? SnapshotCount { get; init; }

    public long? SnapshotSize { get; init; }

    public IReadOnlyDictionary<string, (VolumeModel Volume, int SnapshotCount)>? Listed { get; init; }

    public override string ToString() => Code ?? $"ok {Volume}{(SnapshotCount is null ? string.Empty : $" with {SnapshotCount} snapshots")}{(Listed is null ? string.Empty : string.Join(", ", Listed))}";
}
