using System.Text.Json.Serialization;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Protocol;

/// <summary>The body of any call of the volume plugin protocol; each uses some of the members.</summary>
internal sealed record PluginRequest
{
    public string? Name { get; init; }

    [JsonPropertyName("ID")]
    public string? Id { get; init; }

    public Dictionary<string, string>? Opts { get; init; }
}

/// <summary>An answer of the volume plugin protocol; what a call does not answer is left out.</summary>
internal sealed record PluginAnswer
{
    public IReadOnlyList<string>? Implements { get; init; }

    public string? Mountpoint { get; init; }

    public PluginVolume? Volume { get; init; }

    public IReadOnlyList<PluginVolume>? Volumes { get; init; }

    public PluginCapabilities? Capabilities { get; init; }

    public string? Err { get; init; }
}

/// <summary>What the driver can do.</summary>
/// <param name="Scope">Where its volumes are: <c>local</c> to the engine or <c>global</c>.</param>
internal sealed record PluginCapabilities(string Scope);

/// <summary>The answer of <c>HedvigStorage.Status</c>, which the installer asks.</summary>
internal sealed record PluginStatus
{
    public required string Version { get; init; }

    public required int ProcessId { get; init; }

    public required string Cluster { get; init; }

    public required string Host { get; init; }

    public required string StateDirectory { get; init; }

    public required string MountRoot { get; init; }

    public required IReadOnlyList<MountedVolume> Volumes { get; init; }
}

/// <summary>A mounted volume.</summary>
/// <param name="Name">The name.</param>
/// <param name="Mountpoint">Where it is mounted.</param>
/// <param name="Mounts">How many uses it has.</param>
/// <param name="LeaseLost">Whether the cluster no longer lets this host write it.</param>
internal sealed record MountedVolume(string Name, string Mountpoint, int Mounts, bool LeaseLost);

/// <summary>How the protocol's messages are written and read.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PluginRequest))]
[JsonSerializable(typeof(PluginAnswer))]
internal sealed partial class PluginJson : JsonSerializerContext;

/// <summary>How our own extension is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PluginStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
