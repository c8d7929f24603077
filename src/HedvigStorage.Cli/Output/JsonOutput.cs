using System.Text.Json;
using System.Text.Json.Serialization;

namespace HedvigStorage.Cli.Output;

/// <summary>How far a step is, a line of <c>apply --json</c>.</summary>
internal sealed record ProgressDocument(string Type, string Id, string Action, string State, string Message);

/// <summary>The last line of <c>apply --json</c>.</summary>
internal sealed record ResultDocument(string Type, bool Succeeded, int Changed, int Failed, int Skipped, double Seconds);

/// <summary>What was wrong, where <c>--json</c> is asked for.</summary>
internal sealed record ErrorDocument(string Type, string Code, string Message);

/// <summary>A line of the quick start for people, where <c>--json</c> is asked for.</summary>
internal sealed record MessageDocument(string Type, string Message);

/// <summary>The state of a cluster host, as <c>hv cluster</c> tells it.</summary>
internal sealed record ClusterDocument(
    string Type,
    bool Running,
    string Data,
    string? Address,
    int? ProcessId,
    string? Version,
    string? CredentialFile,
    ClusterHealthDocument? Health)
{
    /// <summary>Gets what volumes are stored in, as the cluster tells it; <see langword="null"/> if it does not run.</summary>
    public string? Engine { get; init; }

    /// <summary>Gets whether it ran and was stopped now; only <c>hv cluster stop</c> tells.</summary>
    public bool? Stopped { get; init; }
}

/// <summary>The figures of a cluster.</summary>
internal sealed record ClusterHealthDocument(
    bool Healthy,
    IReadOnlyList<string> Problems,
    int? Volumes,
    long TotalBytes,
    long UsedBytes,
    long? ProvisionedBytes,
    double? Overcommit);

/// <summary>What a check of an embedded cluster found.</summary>
internal sealed record ClusterCheckDocument(string Type, string Data, bool Running, bool Healthy, IReadOnlyList<string> Problems);

/// <summary>A copy of a cluster's catalog that was written.</summary>
internal sealed record ClusterBackupDocument(string Type, string Data, bool Running, string File, long Bytes);

/// <summary>The state of a plugin host, as <c>hv plugin</c> tells it.</summary>
internal sealed record PluginDocument(
    string Type,
    string Name,
    string? Mode,
    string? Service,
    bool Running,
    int? ProcessId,
    string? Version,
    string? Cluster,
    string? Host,
    string? Socket,
    string? StateDirectory,
    string? MountRoot,
    int MountedVolumes,
    IReadOnlyList<string> Volumes);

/// <summary>What a test of a plugin host found, as <c>hv plugin test</c> tells it.</summary>
internal sealed record PluginTestDocument(string Type, string Name, bool Passed, IReadOnlyList<PluginCheckDocument> Checks);

/// <summary>One thing that was checked.</summary>
internal sealed record PluginCheckDocument(string Check, bool Passed, string Message);

/// <summary>How the documents above are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressDocument))]
[JsonSerializable(typeof(ResultDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(MessageDocument))]
[JsonSerializable(typeof(ClusterDocument))]
[JsonSerializable(typeof(ClusterCheckDocument))]
[JsonSerializable(typeof(ClusterBackupDocument))]
[JsonSerializable(typeof(PluginDocument))]
[JsonSerializable(typeof(PluginTestDocument))]
[JsonSerializable(typeof(VolumeDocument))]
[JsonSerializable(typeof(SnapshotDocument))]
internal sealed partial class OutputJson : JsonSerializerContext
{
    public static OutputJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
