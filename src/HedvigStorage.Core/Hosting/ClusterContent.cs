using System.Collections.Generic;

namespace HedvigStorage.Hosting;

/// <summary>What an embedded cluster holds, seen by somebody who wants to remove it.</summary>
public sealed record ClusterContent
{
    /// <summary>Gets the number of volumes.</summary>
    public int Volumes { get; init; }

    /// <summary>Gets the number of snapshots.</summary>
    public int Snapshots { get; init; }

    /// <summary>Gets the names of the protected volumes.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Gets the attached volumes, each with its host, such as <c>pgdata (by web1)</c>.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    /// <summary>Gets the volumes that this machine has in use, each with its device, such as <c>pgdata (loop3)</c>.</summary>
    public IReadOnlyList<string> InUse { get; init; } = [];
}
