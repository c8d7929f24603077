using System.Text.Json;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>One request, before a session and a node are chosen for it.</summary>
internal sealed record HedvigRequest(string Type, string Category, Action<Utf8JsonWriter>? WriteParameters)
{
    /// <summary>
    /// Gets whether it may be sent again when nobody knows whether the first was carried out. Nearly all may, because the protocol's
    /// requests name the state to reach; those that do not say so where they are made.
    /// </summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>Gets the identity under which the cluster's log has the request, its repeats and the log-in before it.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N").Substring(0, 12);

    public static HedvigRequest Extension(string type, Action<Utf8JsonWriter>? writeParameters = null) =>
        new(type, Categories.Extension, writeParameters);

    public static HedvigRequest Disk(string type, Action<Utf8JsonWriter>? writeParameters = null) =>
        new(type, Categories.VirtualDiskManagement, writeParameters);

    public static HedvigRequest Snapshot(string type, Action<Utf8JsonWriter>? writeParameters = null) =>
        new(type, Categories.SnapshotManagement, writeParameters);
}
