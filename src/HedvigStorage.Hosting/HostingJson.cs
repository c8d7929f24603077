using System.Text.Json;
using System.Text.Json.Serialization;

namespace HedvigStorage.Hosting;

/// <summary>What a cluster host writes into <c>run.json</c> of its data folder while it listens.</summary>
internal sealed record RunMessage(int ProcessId, string? Address, string? Version, DateTimeOffset? StartedAt, string? StopEvent = null);

/// <summary>How a cluster host was started, as <c>start.json</c> of its data folder keeps it.</summary>
internal sealed record StartMessage
{
    public string? Name { get; init; }

    public string? Listen { get; init; }

    public string? CredentialFile { get; init; }

    public double? Overcommit { get; init; }

    public long? Reserve { get; init; }

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    public bool AllowPlainHttp { get; init; }

    public string? LogFormat { get; init; }

    public string? LogLevel { get; init; }

    public string? Metrics { get; init; }

    public string? Advertise { get; init; }

    public string? Engine { get; init; }

    public string? CephConfiguration { get; init; }

    public string? CephUser { get; init; }

    public string? CephPool { get; init; }
}

/// <summary>What is kept of a plugin host that was installed.</summary>
internal sealed record PluginRecord(
    string Name,
    string Cluster,
    string CredentialFile,
    string Host,
    string StateDirectory,
    string MountRoot,
    string Socket,
    int ProcessId,
    bool SkipCertificateCheck = false);

/// <summary>What a plugin host answers when it is asked for its status.</summary>
internal sealed record PluginStatusMessage(
    string? Version,
    int ProcessId,
    string? Cluster,
    string? Host,
    string? StateDirectory,
    string? MountRoot,
    List<PluginVolumeMessage>? Volumes);

/// <summary>A volume that a plugin host knows.</summary>
internal sealed record PluginVolumeMessage(string? Name, string? Mountpoint, int Mounts);

/// <summary>How these are written and read, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(RunMessage))]
[JsonSerializable(typeof(StartMessage))]
[JsonSerializable(typeof(PluginRecord))]
[JsonSerializable(typeof(PluginStatusMessage))]
[JsonSerializable(typeof(ManagedPluginConfiguration))]
internal sealed partial class HostingJson : JsonSerializerContext
{
}
