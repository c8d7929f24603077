using HedvigStorage.Client.Cluster;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <summary>Turns containers into the engine's messages and back.</summary>
internal static class ContainerMapping
{
    private const string LatestTag = ":latest";

    public static CreateContainerMessage ToMessage(ContainerSpecification specification)
    {
        var message = ToBareMessage(specification);
        SettingsMapping.Write(specification.Settings, message);
        return message;
    }

    private static CreateContainerMessage ToBareMessage(ContainerSpecification specification) => new()
    {
        Image = specification.Image,
        Cmd = specification.Command,
        Entrypoint = specification.EntryPoint,
        User = specification.User,
        Env = specification.Environment.Select(pair => pair.Key + "=" + pair.Value).ToArray(),
        Labels = specification.Labels,
        ExposedPorts = specification.Ports.Select(PortKey).Distinct(StringComparer.Ordinal).ToDictionary(key => key, _ => new EmptyMessage(), StringComparer.Ordinal),
        Healthcheck = specification.Health is { } health ? ToMessage(health) : null,
        StopTimeout = specification.StopTimeout is { } time ? (int)Math.Ceiling(time.TotalSeconds) : null,
        WorkingDir = specification.WorkingDirectory,
        Hostname = specification.HostName,
        HostConfig = new HostConfigMessage
        {
            Mounts = specification.Mounts.Select(ToMessage).ToList(),
            PortBindings = specification.Ports.GroupBy(PortKey, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => (List<PortBindingMessage>?)group.Select(port => new PortBindingMessage(port.HostAddress ?? string.Empty, HostPorts(port))).ToList(),
                StringComparer.Ordinal),
            RestartPolicy = ToMessage(specification.Restart),
            NetworkMode = specification.NetworkMode,
        },
    };

    public static RestartPolicyMessage ToMessage(RestartPolicy restart) => new(restart.Name, restart.MaximumRetryCount);

    public static Container ToModel(ContainerMessage message) => message switch
    {
        // What is not there must not read as if nothing had been asked for.
        { Config: null } => throw DockerCall.Unreadable("container", "Config"),
        { HostConfig: null } => throw DockerCall.Unreadable("container", "HostConfig"),
        { State: null } => throw DockerCall.Unreadable("container", "State"),
        _ => ToWholeModel(message),
    };

    private static Container ToWholeModel(ContainerMessage message) => new()
    {
        Id = message.Id ?? throw DockerCall.Unreadable("container", "Id"),
        Name = Unslash(message.Name ?? throw DockerCall.Unreadable("container", "Name")),
        ImageId = message.Image ?? string.Empty,
        State = message.State?.Status ?? string.Empty,
        ExitCode = message.State?.ExitCode ?? 0,
        Error = message.State?.Error ?? string.Empty,
        CreatedAt = message.Created ?? default,
        Health = message.State?.Health is { Status.Length: > 0 } health && !string.Equals(health.Status, "none", StringComparison.Ordinal)
            ? new ContainerHealth(health.Status!, Printable(health.Log?.LastOrDefault()?.Output))
            : null,
        Networks = (message.NetworkSettings?.Networks ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.NetworkID ?? string.Empty, StringComparer.Ordinal),
        AnonymousVolumes = ToAnonymous(message),
        Mounted = message.Mounts?.Where(point => point.Destination is not null).Select(ToMount).ToArray(),
        Specification = new ContainerSpecification
        {
            Image = message.Config?.Image ?? string.Empty,
            Command = message.Config?.Cmd,
            EntryPoint = message.Config?.Entrypoint,
            User = string.IsNullOrEmpty(message.Config?.User) ? null : message.Config!.User,
            Environment = ToEnvironment(message.Config?.Env?.FindAll(OtherSettings.IsSet)),
            Labels = ToLabels(message.Config?.Labels),
            Mounts = ToMounts(message),
            Ports = ToPorts(message.HostConfig?.PortBindings),
            Restart = message.HostConfig?.RestartPolicy is { Name.Length: > 0 } restart ? new RestartPolicy(restart.Name!, restart.MaximumRetryCount) : RestartPolicy.No,
            NetworkMode = ToNetworkMode(message),
            Health = ToHealth(message.Config?.Healthcheck),
            StopTimeout = ToTime(message.Config?.StopTimeout),
            WorkingDirectory = message.Config?.WorkingDir is { Length: > 0 } folder ? folder : null,
            HostName = message.Config?.Hostname is { Length: > 0 } host ? host : null,
            Settings = SettingsMapping.Read(message),
            Others = OtherSettings.Of(message),
        },
    };

    /// <summary>Gets a driver's name as people write it: the engine adds the tag of a managed plugin.</summary>
    public static string DriverName(string name) => name.EndsWith(LatestTag, StringComparison.Ordinal) ? name.Substring(0, name.Length - LatestTag.Length) : name;

    public static ContainerSummary ToModel(ContainerSummaryMessage message)
    {
        var volumes = (message.Mounts ?? []).Where(mount => IsVolume(mount.Type) && mount.Name is not null).ToArray();
        return new ContainerSummary
        {
            Id = message.Id ?? throw DockerCall.Unreadable("container", "Id"),
            // A linked container has the names of its links too, as /other/alias.
            Name = Unslash(message.Names?.FirstOrDefault(name => name.LastIndexOf('/') == 0) ?? message.Names?.FirstOrDefault() ?? string.Empty),
            Image = message.Image ?? string.Empty,
            State = message.State ?? string.Empty,
            Labels = ToLabels(message.Labels),
            Volumes = volumes.Select(mount => mount.Name!).ToArray(),
            VolumeDrivers = volumes.Select(mount => DriverName(mount.Driver ?? string.Empty)).ToArray(),
        };
    }

    public static Image ToModel(ImageMessage message) => new()
    {
        Id = message.Id ?? throw DockerCall.Unreadable("image", "Id"),
        Command = message.Config?.Cmd,
        EntryPoint = message.Config?.Entrypoint,
        User = message.Config?.User ?? string.Empty,
        WorkingDirectory = message.Config?.WorkingDir ?? string.Empty,
        Health = ToHealth(message.Config?.Healthcheck),
        StopTimeout = ToTime(message.Config?.StopTimeout),
        Settings = SettingsMapping.Read(message.Config),
        Environment = ToEnvironment(message.Config?.Env),
        Labels = ToLabels(message.Config?.Labels),
    };

    public static EngineVolume ToModel(DockerVolumeMessage message) => new()
    {
        Name = message.Name ?? throw DockerCall.Unreadable("volume", "Name"),
        Driver = DriverName(message.Driver ?? throw DockerCall.Unreadable("volume", "Driver")),
        Mountpoint = message.Mountpoint ?? string.Empty,
        Options = ToLabels(message.Options),
        Labels = ToLabels(message.Labels),
    };

    public static EngineNetwork ToModel(NetworkMessage message) => new()
    {
        Id = message.Id ?? throw DockerCall.Unreadable("network", "Id"),
        Name = message.Name ?? throw DockerCall.Unreadable("network", "Name"),
        Driver = message.Driver ?? string.Empty,
        Internal = message.Internal,
        Labels = ToLabels(message.Labels),
        Containers = (message.Containers ?? []).Select(pair => pair.Value?.Name ?? pair.Key).ToArray(),
    };

    private static HealthCheckMessage ToMessage(HealthCheck health) => new()
    {
        Test = health.Test,
        Interval = ToNanoseconds(health.Interval),
        Timeout = ToNanoseconds(health.Timeout),
        StartPeriod = ToNanoseconds(health.StartPeriod is { Ticks: 0 } ? HealthCheck.ShortestTime : health.StartPeriod),
        Retries = health.Retries ?? 0,
    };

    private static HealthCheck? ToHealth(HealthCheckMessage? message) => message is null ? null : new HealthCheck
    {
        Test = message.Test is { Count: > 0 } ? message.Test : null,
        Interval = FromNanoseconds(message.Interval),
        Timeout = FromNanoseconds(message.Timeout),
        StartPeriod = FromNanoseconds(message.StartPeriod),
        Retries = message.Retries > 0 ? message.Retries : null,
    };

    // A tick is 100 nanoseconds.
    private static long ToNanoseconds(TimeSpan? time) => (time?.Ticks ?? 0) * 100;

    private static TimeSpan? FromNanoseconds(long nanoseconds) => nanoseconds > 0 ? TimeSpan.FromTicks(nanoseconds / 100) : null;

    private static TimeSpan? ToTime(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(Math.Max(number, -1)) : null;

    private static string Printable(string? output) => output is null ? string.Empty : AnswerReader.Printable(output.Trim());

    private static MountMessage ToMessage(ContainerMount mount) => new(
        mount.Type,
        mount.Source,
        mount.Target,
        IsImage(mount.Type) ? null : mount.ReadOnly,
        IsVolume(mount.Type) && (mount.Driver is not null || mount.NoCopy || mount.SubPath is not null)
            ? new VolumeOptionsMessage(mount.Driver is { } driver ? new DriverConfigMessage(driver) : null, mount.NoCopy ? true : null, mount.SubPath)
            : null,
        ImageOptions: IsImage(mount.Type) && mount.SubPath is { } path ? new ImageOptionsMessage(path) : null);

    private static string PortKey(PortMapping port) => port.ContainerPort.ToString(CultureInfo.InvariantCulture) + "/" + port.Protocol;

    private static string HostPorts(PortMapping port) =>
        port.HostPort is not { } first ? string.Empty
        : port.HostPortEnd is { } last ? string.Format(CultureInfo.InvariantCulture, "{0}-{1}", first, last)
        : first.ToString(CultureInfo.InvariantCulture);

    // Older engines say "default" where nothing was asked, and all keep a network's id where that was given instead of its name.
    private static string? ToNetworkMode(ContainerMessage message)
    {
        const int ShortestId = 12;
        return message.HostConfig?.NetworkMode is not { Length: > 0 } mode || string.Equals(mode, "default", StringComparison.Ordinal) ? null
            : mode.Length < ShortestId ? mode
            : (message.NetworkSettings?.Networks ?? []).FirstOrDefault(network => network.Value?.NetworkID?.StartsWith(mode, StringComparison.Ordinal) == true).Key ?? mode;
    }

    // What was asked for is in HostConfig; volumes that the image makes for itself are only among the container's mounts, and no document names them.
    private static ContainerMount[] ToMounts(ContainerMessage message)
    {
        var points = Points(message);
        var asked = Asked(message).Where(mount => !string.Equals(mount.Type, "tmpfs", StringComparison.Ordinal)).Select(mount => new ContainerMount
        {
            Type = mount.Type ?? "volume",
            Source = mount.Source ?? string.Empty,
            Target = mount.Target!,
            ReadOnly = mount.ReadOnly ?? false,
            NoCopy = mount.VolumeOptions?.NoCopy ?? false,
            SubPath = mount.VolumeOptions?.Subpath ?? mount.ImageOptions?.Subpath,
            Driver = !IsVolume(mount.Type) ? null : points.TryGetValue(ContainerPath.Clean(mount.Target!), out var point) && point.Driver is { Length: > 0 } driver
                ? DriverName(driver)
                : mount.VolumeOptions?.DriverConfig?.Name,
        });
        var binds = Binds(message);
        var places = Places(message);
        var bound = points.Where(point => binds.ContainsKey(point.Key) && !places.Contains(point.Key)).Select(point => ToMount(point.Value) with { NoCopy = binds[point.Key].Has("nocopy") });
        return asked.Concat(bound).Concat(Inherited(message).Select(ToMount)).ToArray();
    }

    private static ContainerMount ToMount(MountPointMessage point) => new()
    {
        Type = point.Type ?? "bind",
        Source = (IsVolume(point.Type) || IsImage(point.Type) ? point.Name : point.Source) ?? string.Empty,
        Target = point.Destination!,
        ReadOnly = !point.RW && !IsImage(point.Type),
        Driver = IsVolume(point.Type) && point.Driver is { Length: > 0 } driver ? DriverName(driver) : null,
    };

    // Whoever gives a volume a name asks for it; the engine names the others.
    private static string[] ToAnonymous(ContainerMessage message)
    {
        var named = new HashSet<string>(Asked(message).Where(mount => !string.IsNullOrEmpty(mount.Source)).Select(mount => ContainerPath.Clean(mount.Target!)), StringComparer.Ordinal);
        named.UnionWith(Binds(message).Keys);
        named.UnionWith(Inherited(message).Select(point => point.Destination!));
        return Points(message).Where(point => IsVolume(point.Value.Type) && point.Value.Name is not null && !named.Contains(point.Key)).Select(point => point.Value.Name!).ToArray();
    }

    private static Dictionary<string, MountPointMessage> Points(ContainerMessage message) => (message.Mounts ?? []).Where(point => point.Destination is not null)
        .GroupBy(point => ContainerPath.Clean(point.Destination!), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private static IEnumerable<MountMessage> Asked(ContainerMessage message) => (message.HostConfig?.Mounts ?? []).Where(mount => mount.Target is not null);

    private static Dictionary<string, BindText> Binds(ContainerMessage message) => (message.HostConfig?.Binds ?? []).Select(BindText.Parse).OfType<BindText>()
        .GroupBy(bind => ContainerPath.Clean(bind.Target), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private static HashSet<string> Places(ContainerMessage message) => new(Asked(message).Select(mount => ContainerPath.Clean(mount.Target!)), StringComparer.Ordinal);

    // The volumes and folders of another container that this one was made with: they are said nowhere but among what is mounted.
    private static IEnumerable<MountPointMessage> Inherited(ContainerMessage message)
    {
        if (message.HostConfig?.VolumesFrom is not { Count: > 0 })
        {
            return [];
        }

        var own = Places(message);
        own.UnionWith(Binds(message).Keys);
        own.UnionWith((message.Config?.Volumes ?? []).Keys.Select(ContainerPath.Clean));
        return Points(message).Where(point => !own.Contains(point.Key) && point.Value.Type is "volume" or "bind" or "image").Select(point => point.Value);
    }

    private static PortMapping[] ToPorts(Dictionary<string, List<PortBindingMessage>?>? bindings) =>
        (from pair in bindings ?? []
         let parts = pair.Key.Split('/')
         where int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
         from binding in pair.Value ?? []
         let host = (binding.HostPort ?? string.Empty).Split('/')[0].Split('-').Select(ToPort).ToArray()
         select new PortMapping
         {
             HostAddress = binding.HostIp,
             HostPort = host[0],
             HostPortEnd = host.Length > 1 && host[1] > host[0] ? host[1] : null,
             ContainerPort = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
             Protocol = parts.Length > 1 ? parts[1] : "tcp",
         }).ToArray();

    private static int? ToPort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    public static Dictionary<string, string> ToEnvironment(List<string>? lines)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines ?? [])
        {
            var equals = line.IndexOf('=');
            environment[equals < 0 ? line : line.Substring(0, equals)] = equals < 0 ? string.Empty : line.Substring(equals + 1);
        }

        return environment;
    }

    private static Dictionary<string, string> ToLabels(Dictionary<string, string>? labels) =>
        labels is null ? new Dictionary<string, string>(StringComparer.Ordinal) : new Dictionary<string, string>(labels, StringComparer.Ordinal);

    private static bool IsVolume(string? type) => string.Equals(type, "volume", StringComparison.Ordinal);

    private static bool IsImage(string? type) => string.Equals(type, "image", StringComparison.Ordinal);

    private static string Unslash(string name) => name.TrimStart('/');
}
