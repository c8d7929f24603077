using System.Text.Json;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>A pool, as Ceph tells it in <c>osd dump</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Copies">How many copies it keeps.</param>
/// <param name="Rule">The number of its CRUSH rule.</param>
/// <param name="IsReplicated">Whether it keeps copies, and not parts with parity.</param>
/// <param name="Compression">Ceph's words for how it compresses, or <see langword="null"/> for what holds without.</param>
/// <param name="Applications">What it is used for, with what each use has noted.</param>
internal sealed record CephPool(
    string Name,
    int Copies,
    int Rule,
    bool IsReplicated,
    string? Compression,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Applications)
{
    private const int Replicated = 1;

    /// <summary>The use of a pool with images.</summary>
    public const string Images = "rbd";

    /// <summary>The use of a pool with files.</summary>
    public const string Files = "cephfs";

    /// <summary>Gets whether data is compressed.</summary>
    public bool Compresses => Compression is "aggressive" or "force";

    /// <summary>Reads the pools of the answer to <c>osd dump</c>.</summary>
    public static IReadOnlyDictionary<string, CephPool> ReadAll(JsonElement dump) =>
        dump.GetProperty("pools").EnumerateArray().Select(Read).ToDictionary(pool => pool.Name, StringComparer.Ordinal);

    /// <summary>Gets what a use of the pool has noted under a name, or <see langword="null"/>.</summary>
    public string? Note(string application, string name) =>
        Applications.TryGetValue(application, out var notes) ? notes.GetValueOrDefault(name) : null;

    private static CephPool Read(JsonElement pool) => new(
        pool.GetProperty("pool_name").GetString()!,
        pool.GetProperty("size").GetInt32(),
        pool.GetProperty("crush_rule").GetInt32(),
        pool.GetProperty("type").GetInt32() == Replicated,
        pool.GetProperty("options").TryGetProperty("compression_mode", out var mode) ? mode.GetString() : null,
        pool.GetProperty("application_metadata").EnumerateObject().ToDictionary(
            application => application.Name,
            application => (IReadOnlyDictionary<string, string>)application.Value.EnumerateObject().ToDictionary(
                note => note.Name, note => note.Value.GetString() ?? string.Empty, StringComparer.Ordinal),
            StringComparer.Ordinal));
}
