using System.Text.Json;

namespace HedvigStorage.Protocol;

/// <summary>
/// An answer. Source: both public clients read these members; <see cref="Code"/> is the extension's and is skipped by them.
/// </summary>
public sealed record ResponseEnvelope
{
    /// <summary>Gets one of <see cref="StatusWords"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Gets the type of the request, echoed.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the request's identity, for logs.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets what was wrong; always there unless the status is <c>ok</c>.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the kind of failure, a name of <see cref="ErrorCode"/>; extension.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the result, an object or an array by type.</summary>
    public JsonElement? Result { get; init; }
}

/// <summary>The outcome for one item of a request that names several.</summary>
public sealed record ItemResult
{
    /// <summary>Gets the item's name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets one of <see cref="StatusWords"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Gets what was wrong.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the word of an <see cref="ErrorCode"/>; extension, and only where the item failed.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the name of the snapshot made; MakeSnapshot only.</summary>
    public string? SnapshotName { get; init; }

    /// <summary>Gets the outcome for each target; AddLun only.</summary>
    public IReadOnlyList<LunOutcome>? Targets { get; init; }

    /// <summary>Gets the volume as it is now; extension.</summary>
    public VolumeMessage? Volume { get; init; }

    /// <summary>Gets the snapshot as it is now; extension.</summary>
    public SnapshotMessage? Snapshot { get; init; }
}
