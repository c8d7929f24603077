using System.Text.Json;
using System.Text.Json.Serialization;

namespace HedvigStorage.Client.Docker;

/// <summary>The Docker Engine API's messages, with just the members that are used. Source: the API's reference, versions 1.40 to 1.50.</summary>
internal sealed record VersionMessage(string? Version, string? ApiVersion, string? MinAPIVersion, string? Os);

internal sealed record ErrorMessage(string? Message);

internal sealed record IdMessage(string? Id);

internal sealed record WaitMessage(long StatusCode, ErrorMessage? Error);

internal sealed record RestartPolicyMessage(string? Name, int MaximumRetryCount);

internal sealed record UpdateMessage(RestartPolicyMessage RestartPolicy);

internal sealed record EmptyMessage;

internal sealed record PortBindingMessage(string? HostIp, string? HostPort);

internal sealed record DriverConfigMessage(string? Name);

internal sealed record VolumeOptionsMessage(DriverConfigMessage? DriverConfig, bool? NoCopy = null, string? Subpath = null);

internal sealed record TmpfsOptionsMessage(long? SizeBytes, int? Mode, List<List<string>>? Options = null);

internal sealed record ImageOptionsMessage(string? Subpath);

internal sealed record UlimitMessage(string? Name, long Soft, long Hard);

internal sealed record LogConfigMessage(string? Type, Dictionary<string, string>? Config);

internal sealed record DockerDeviceMessage(string? PathOnHost, string? PathInContainer, string? CgroupPermissions);

internal sealed record MountMessage(string? Type, string? Source, string? Target, bool? ReadOnly, VolumeOptionsMessage? VolumeOptions, TmpfsOptionsMessage? TmpfsOptions = null, BindOptionsMessage? BindOptions = null, ImageOptionsMessage? ImageOptions = null);

internal sealed record BindOptionsMessage(string? Propagation, bool? NonRecursive = null, bool? ReadOnlyNonRecursive = null, bool? ReadOnlyForceRecursive = null);

internal sealed record MountPointMessage(string? Type, string? Name, string? Source, string? Destination, string? Driver, bool RW);

internal sealed record HostConfigMessage
{
    public List<string>? Binds { get; init; }

    public List<string>? VolumesFrom { get; init; }

    public List<MountMessage>? Mounts { get; init; }

    public Dictionary<string, List<PortBindingMessage>?>? PortBindings { get; init; }

    public RestartPolicyMessage? RestartPolicy { get; init; }

    public string? NetworkMode { get; init; }

    public long? Memory { get; set; }

    public long? MemorySwap { get; set; }

    public long? MemoryReservation { get; set; }

    public long? NanoCpus { get; set; }

    public long? CpuShares { get; set; }

    public string? CpusetCpus { get; set; }

    public long? PidsLimit { get; set; }

    public long? ShmSize { get; set; }

    public List<UlimitMessage>? Ulimits { get; set; }

    public bool? ReadonlyRootfs { get; set; }

    public Dictionary<string, string>? Tmpfs { get; set; }

    public bool? Init { get; set; }

    public bool? Privileged { get; set; }

    public IReadOnlyList<string>? CapAdd { get; set; }

    public IReadOnlyList<string>? CapDrop { get; set; }

    public IReadOnlyList<string>? SecurityOpt { get; set; }

    public IReadOnlyList<string>? GroupAdd { get; set; }

    public List<DockerDeviceMessage>? Devices { get; set; }

    public Dictionary<string, string>? Sysctls { get; set; }

    public IReadOnlyList<string>? ExtraHosts { get; set; }

    public IReadOnlyList<string>? Dns { get; set; }

    public IReadOnlyList<string>? DnsSearch { get; set; }

    public IReadOnlyList<string>? DnsOptions { get; set; }

    public string? IpcMode { get; set; }

    public string? PidMode { get; set; }

    public LogConfigMessage? LogConfig { get; set; }

    /// <summary>Gets or sets what the engine keeps besides.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

internal sealed record HealthCheckMessage
{
    public IReadOnlyList<string>? Test { get; init; }

    // Nanoseconds; 0 is the image's or the engine's default.
    public long Interval { get; init; }

    public long Timeout { get; init; }

    public long StartPeriod { get; init; }

    public int Retries { get; init; }
}

internal sealed record CreateContainerMessage
{
    public string? Image { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public string? User { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public Dictionary<string, EmptyMessage>? ExposedPorts { get; init; }

    public HealthCheckMessage? Healthcheck { get; init; }

    public int? StopTimeout { get; init; }

    public string? WorkingDir { get; init; }

    public string? Hostname { get; init; }

    public bool? Tty { get; set; }

    public bool? OpenStdin { get; set; }

    public string? StopSignal { get; set; }

    public HostConfigMessage? HostConfig { get; init; }
}

internal sealed record ConfigMessage
{
    public string? Image { get; init; }

    public List<string>? Cmd { get; init; }

    public List<string>? Entrypoint { get; init; }

    public string? User { get; init; }

    public List<string>? Env { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public bool Tty { get; init; }

    public bool OpenStdin { get; init; }

    public string? StopSignal { get; init; }

    public string? Domainname { get; init; }

    public Dictionary<string, EmptyMessage?>? Volumes { get; init; }

    public HealthCheckMessage? Healthcheck { get; init; }

    public int? StopTimeout { get; init; }

    public string? WorkingDir { get; init; }

    public string? Hostname { get; init; }
}

internal sealed record StateMessage(string? Status, int ExitCode, string? Error, HealthMessage? Health);

internal sealed record HealthMessage(string? Status, List<HealthLogMessage>? Log);

internal sealed record HealthLogMessage(string? Output);

internal sealed record EndpointMessage(string? NetworkID, IPAMConfigMessage? IPAMConfig = null, List<string>? Aliases = null);

internal sealed record IPAMConfigMessage(string? IPv4Address, string? IPv6Address);

internal sealed record NetworkSettingsMessage(Dictionary<string, EndpointMessage?>? Networks);

internal sealed record ConnectedContainerMessage(string? Name);

internal sealed record NetworkMessage
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Driver { get; init; }

    public bool Internal { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public Dictionary<string, ConnectedContainerMessage?>? Containers { get; init; }
}

internal sealed record CreateNetworkMessage(string Name, string? Driver, bool Internal, bool CheckDuplicate, IReadOnlyDictionary<string, string> Labels);

internal sealed record ContainerMessage
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Image { get; init; }

    public DateTimeOffset? Created { get; init; }

    public StateMessage? State { get; init; }

    public ConfigMessage? Config { get; init; }

    public HostConfigMessage? HostConfig { get; init; }

    public NetworkSettingsMessage? NetworkSettings { get; init; }

    public List<MountPointMessage>? Mounts { get; init; }
}

internal sealed record ContainerSummaryMessage
{
    public string? Id { get; init; }

    public List<string>? Names { get; init; }

    public string? Image { get; init; }

    public string? State { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public List<MountPointMessage>? Mounts { get; init; }
}

internal sealed record ImageMessage(string? Id, ConfigMessage? Config);

internal sealed record PullMessage(string? Status, string? Id, string? Progress, string? Error, ErrorMessage? ErrorDetail);

internal sealed record DockerVolumeMessage
{
    public string? Name { get; init; }

    public string? Driver { get; init; }

    public string? Mountpoint { get; init; }

    public Dictionary<string, string>? Options { get; init; }

    public Dictionary<string, string>? Labels { get; init; }
}

internal sealed record VolumeListMessage(List<DockerVolumeMessage>? Volumes);

internal sealed record CreateVolumeMessage(string Name, string Driver, IReadOnlyDictionary<string, string> DriverOpts, IReadOnlyDictionary<string, string> Labels);

internal sealed record PluginMessage(string? Id, string? Name, bool Enabled, PluginSettingsMessage? Settings, PluginConfigMessage? Config);

internal sealed record PluginSettingsMessage
{
    public List<string>? Env { get; init; }

    public List<string>? Args { get; init; }

    public List<PluginMountMessage>? Mounts { get; init; }
}

internal sealed record PluginConfigMessage(List<string>? Entrypoint, PluginInterfaceMessage? Interface, PluginLinuxMessage? Linux);

internal sealed record PluginLinuxMessage(List<string>? Capabilities);

internal sealed record PluginInterfaceMessage(string? Socket);

internal sealed record PluginMountMessage(string? Name, string? Source, string? Destination);
