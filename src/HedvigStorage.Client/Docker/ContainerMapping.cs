using HedvigStorage.Client.Cluster;
using HedvigStorage.Docker;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <summary>Turns containers into the engine's messages and back.</summary>
internal static class ContainerMapping
{
    private const string LatestTag = ":latest";

    public static Models.CreateContainerParameters ToMessage(string name, ContainerSpecification specification)
    {
        var message = ToBareMessage(name, specification);
        SettingsMapping.Write(specification.Settings, message);
        return message;
    }

    private static Models.CreateContainerParameters ToBareMessage(string name, ContainerSpecification specification) => new()
    {
        Name = name,
        Image = specification.Image,
        Cmd = specification.Command?.ToArray()!,
        Entrypoint = specification.EntryPoint?.ToArray()!,
        User = specification.User ?? string.Empty,
        Env = specification.Environment.Select(pair => pair.Key + "=" + pair.Value).ToArray(),
        Labels = specification.Labels.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        ExposedPorts = specification.Ports.Select(PortKey).Distinct(StringComparer.Ordinal)
            .ToDictionary(key => key, _ => default(Models.EmptyStruct), StringComparer.Ordinal),
        Healthcheck = specification.Health is { } health ? ToMessage(health) : null,
        StopTimeout = specification.StopTimeout is { } time ? TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)) : null,
        WorkingDir = specification.WorkingDirectory ?? string.Empty,
        Hostname = specification.HostName ?? string.Empty,
        HostConfig = new Models.HostConfig
        {
            Mounts = specification.Mounts.Select(ToMessage).ToList(),
            PortBindings = specification.Ports.GroupBy(PortKey, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => (IList<Models.PortBinding>)group.Select(ToBinding).ToList(),
                StringComparer.Ordinal),
            RestartPolicy = ToMessage(specification.Restart),
            NetworkMode = specification.NetworkMode ?? string.Empty,
        },
    };

    public static Models.RestartPolicy ToMessage(RestartPolicy restart) =>
        new() { Name = RestartPolicyNames.ToKind(restart.Name), MaximumRetryCount = restart.MaximumRetryCount };

    public static Container ToModel(Models.ContainerInspectResponse message, ContainerRest rest) => message switch
    {
        // What is not there must not read as if nothing had been asked for.
        { Config: null } => throw EngineErrors.Unreadable("container", "Config"),
        { HostConfig: null } => throw EngineErrors.Unreadable("container", "HostConfig"),
        { State: null } => throw EngineErrors.Unreadable("container", "State"),
        _ => ToWholeModel(message, rest),
    };

    private static Container ToWholeModel(Models.ContainerInspectResponse message, ContainerRest rest) => new()
    {
        Id = Given(message.ID, "container", "Id"),
        Name = Unslash(Given(message.Name, "container", "Name")),
        ImageId = message.Image ?? string.Empty,
        State = message.State?.Status ?? string.Empty,
        ExitCode = (int)(message.State?.ExitCode ?? 0),
        Error = message.State?.Error ?? string.Empty,
        CreatedAt = message.Created == default ? default : new DateTimeOffset(message.Created),
        Health = message.State?.Health is { Status.Length: > 0 } health && !string.Equals(health.Status, "none", StringComparison.Ordinal)
            ? new ContainerHealth(health.Status, Printable(health.Log?.LastOrDefault()?.Output))
            : null,
        Networks = Networks(message).ToDictionary(pair => pair.Key, pair => pair.Value?.NetworkID ?? string.Empty, StringComparer.Ordinal),
        AnonymousVolumes = ToAnonymous(message),
        Mounted = message.Mounts?.Where(point => point.Destination is { Length: > 0 }).Select(ToMount).ToArray(),
        Specification = new ContainerSpecification
        {
            Image = message.Config?.Image ?? string.Empty,
            Command = message.Config?.Cmd?.ToArray(),
            EntryPoint = message.Config?.Entrypoint?.ToArray(),
            User = string.IsNullOrEmpty(message.Config?.User) ? null : message.Config!.User,
            Environment = ToEnvironment(message.Config?.Env?.Where(OtherSettings.IsSet)),
            Labels = ToLabels(message.Config?.Labels),
            Mounts = ToMounts(message),
            Ports = ToPorts(message.HostConfig?.PortBindings),
            Restart = rest.HostConfig?.RestartPolicy?.Name is { Length: > 0 } restart
                ? new RestartPolicy(restart, (int)(message.HostConfig?.RestartPolicy?.MaximumRetryCount ?? 0))
                : RestartPolicy.No,
            NetworkMode = ToNetworkMode(message),
            Health = ToHealth(message.Config?.Healthcheck),
            StopTimeout = ToTime(message.Config?.StopTimeout?.TotalSeconds),
            WorkingDirectory = message.Config?.WorkingDir is { Length: > 0 } folder ? folder : null,
            HostName = message.Config?.Hostname is { Length: > 0 } host ? host : null,
            Settings = SettingsMapping.Read(message),
            Others = OtherSettings.Of(message, rest),
        },
    };

    /// <summary>Gets a driver's name as people write it: the engine adds the tag of a managed plugin.</summary>
    public static string DriverName(string name) =>
        name.EndsWith(LatestTag, StringComparison.Ordinal) ? name.Substring(0, name.Length - LatestTag.Length) : name;

    public static ContainerSummary ToModel(Models.ContainerListResponse message)
    {
        var volumes = (message.Mounts ?? []).Where(mount => IsVolume(mount.Type) && mount.Name is not null).ToArray();
        return new ContainerSummary
        {
            Id = Given(message.ID, "container", "Id"),
            // A linked container has the names of its links too, as /other/alias.
            Name = Unslash(
                message.Names?.FirstOrDefault(name => name.LastIndexOf('/') == 0) ?? message.Names?.FirstOrDefault() ?? string.Empty),
            Image = message.Image ?? string.Empty,
            State = message.State ?? string.Empty,
            Labels = ToLabels(message.Labels),
            Volumes = volumes.Select(mount => mount.Name!).ToArray(),
            VolumeDrivers = volumes.Select(mount => DriverName(mount.Driver ?? string.Empty)).ToArray(),
        };
    }

    public static Image ToModel(Models.ImageInspectResponse message, ImageRest rest) => new()
    {
        Id = Given(message.ID, "image", "Id"),
        Command = message.Config?.Cmd?.ToArray(),
        EntryPoint = message.Config?.Entrypoint?.ToArray(),
        User = message.Config?.User ?? string.Empty,
        WorkingDirectory = message.Config?.WorkingDir ?? string.Empty,
        Health = ToHealth(message.Config?.Healthcheck),
        StopTimeout = ToTime(rest.Config?.StopTimeout),
        Settings = SettingsMapping.Read(rest.Config?.Tty, rest.Config?.OpenStdin, message.Config?.StopSignal),
        Environment = ToEnvironment(message.Config?.Env),
        Labels = ToLabels(message.Config?.Labels),
    };

    public static EngineVolume ToModel(Models.VolumeResponse message) => new()
    {
        Name = Given(message.Name, "volume", "Name"),
        Driver = DriverName(Given(message.Driver, "volume", "Driver")),
        Mountpoint = message.Mountpoint ?? string.Empty,
        Options = ToLabels(message.Options),
        Labels = ToLabels(message.Labels),
    };

    public static EngineNetwork ToModel(Models.NetworkResponse message) => new()
    {
        Id = Given(message.ID, "network", "Id"),
        Name = Given(message.Name, "network", "Name"),
        Driver = message.Driver ?? string.Empty,
        Internal = message.Internal,
        Labels = ToLabels(message.Labels),
        Containers = message.Containers?.Select(pair => pair.Value?.Name is { Length: > 0 } name ? name : pair.Key).ToArray() ?? [],
    };

    private static Models.HealthcheckConfig ToMessage(HealthCheck health) => new()
    {
        Test = health.Test?.ToArray(),
        Interval = health.Interval,
        Timeout = health.Timeout,
        StartPeriod = health.StartPeriod is { Ticks: 0 } ? HealthCheck.ShortestTime : health.StartPeriod,
        Retries = health.Retries ?? 0,
    };

    private static HealthCheck? ToHealth(Models.HealthcheckConfig? message) => message is null ? null : new HealthCheck
    {
        Test = message.Test is { Count: > 0 } test ? test.ToArray() : null,
        Interval = Positive(message.Interval),
        Timeout = Positive(message.Timeout),
        StartPeriod = Positive(message.StartPeriod),
        Retries = message.Retries is > 0 and var retries ? (int)retries : null,
    };

    // 0 is the image's or the engine's default.
    private static TimeSpan? Positive(TimeSpan? time) => time > TimeSpan.Zero ? time : null;

    private static TimeSpan? ToTime(double? seconds) => seconds is { } number ? TimeSpan.FromSeconds(Math.Max(number, -1)) : null;

    private static string Printable(string? output) => output is null ? string.Empty : AnswerReader.Printable(output.Trim());

    private static Models.Mount ToMessage(ContainerMount mount) => new()
    {
        Type = mount.Type,
        Source = mount.Source,
        Target = mount.Target,
        ReadOnly = IsImage(mount.Type) ? null : mount.ReadOnly,
        VolumeOptions = IsVolume(mount.Type) && (mount.Driver is not null || mount.NoCopy || mount.SubPath is not null)
            ? new Models.VolumeOptions
            {
                DriverConfig = mount.Driver is { } driver ? new Models.Driver { Name = driver } : null,
                NoCopy = mount.NoCopy ? true : null,
                Subpath = mount.SubPath,
            }
            : null,
        ImageOptions = IsImage(mount.Type) && mount.SubPath is { } path ? new Models.ImageOptions { Subpath = path } : null,
    };

    private static Models.PortBinding ToBinding(PortMapping port) =>
        new() { HostIP = port.HostAddress ?? string.Empty, HostPort = HostPorts(port) };

    private static string PortKey(PortMapping port) => port.ContainerPort.ToString(CultureInfo.InvariantCulture) + "/" + port.Protocol;

    private static string HostPorts(PortMapping port) =>
        port.HostPort is not { } first ? string.Empty
        : port.HostPortEnd is { } last ? string.Format(CultureInfo.InvariantCulture, "{0}-{1}", first, last)
        : first.ToString(CultureInfo.InvariantCulture);

    // Older engines say "default" where nothing was asked, and all keep a network's id where that was given instead of its name.
    private static string? ToNetworkMode(Models.ContainerInspectResponse message)
    {
        const int ShortestId = 12;
        return message.HostConfig?.NetworkMode is not { Length: > 0 } mode || string.Equals(mode, "default", StringComparison.Ordinal)
            ? null
            : mode.Length < ShortestId ? mode
            : Networks(message)
                .FirstOrDefault(network => network.Value?.NetworkID?.StartsWith(mode, StringComparison.Ordinal) == true).Key ?? mode;
    }

    // What was asked for is in HostConfig; volumes that the image makes for itself are only among the container's mounts, and no document
    // names them.
    private static ContainerMount[] ToMounts(Models.ContainerInspectResponse message)
    {
        var points = Points(message);
        var asked = Asked(message).Where(
            mount => !string.Equals(mount.Type, "tmpfs", StringComparison.Ordinal)).Select(mount => new ContainerMount
        {
            Type = mount.Type ?? "volume",
            Source = mount.Source ?? string.Empty,
            Target = mount.Target!,
            ReadOnly = mount.ReadOnly ?? false,
            NoCopy = mount.VolumeOptions?.NoCopy ?? false,
            SubPath = mount.VolumeOptions?.Subpath ?? mount.ImageOptions?.Subpath,
            Driver = !IsVolume(mount.Type)
                ? null
                : points.TryGetValue(ContainerPath.Clean(mount.Target!), out var point) && point.Driver is { Length: > 0 } driver
                ? DriverName(driver)
                : mount.VolumeOptions?.DriverConfig?.Name,
        });
        var binds = Binds(message);
        var places = Places(message);
        var bound = points.Where(point => binds.ContainsKey(point.Key) && !places.Contains(point.Key))
            .Select(point => ToMount(point.Value) with { NoCopy = binds[point.Key].Has("nocopy") });
        return asked.Concat(bound).Concat(Inherited(message).Select(ToMount)).ToArray();
    }

    private static ContainerMount ToMount(Models.MountPoint point) => new()
    {
        Type = point.Type ?? "bind",
        Source = (IsVolume(point.Type) || IsImage(point.Type) ? point.Name : point.Source) ?? string.Empty,
        Target = point.Destination,
        ReadOnly = !point.RW && !IsImage(point.Type),
        Driver = IsVolume(point.Type) && point.Driver is { Length: > 0 } driver ? DriverName(driver) : null,
    };

    // Whoever gives a volume a name asks for it; the engine names the others.
    private static string[] ToAnonymous(Models.ContainerInspectResponse message)
    {
        var named = new HashSet<string>(
            Asked(message).Where(mount => !string.IsNullOrEmpty(mount.Source)).Select(mount => ContainerPath.Clean(mount.Target!)),
            StringComparer.Ordinal);
        named.UnionWith(Binds(message).Keys);
        named.UnionWith(Inherited(message).Select(point => point.Destination));
        return Points(message).Where(point => IsVolume(point.Value.Type) && point.Value.Name is not null && !named.Contains(point.Key))
            .Select(point => point.Value.Name!).ToArray();
    }

    private static Dictionary<string, Models.MountPoint> Points(Models.ContainerInspectResponse message) => (message.Mounts ?? [])
        .Where(point => point.Destination is { Length: > 0 })
        .GroupBy(point => ContainerPath.Clean(point.Destination), StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private static IEnumerable<Models.Mount> Asked(Models.ContainerInspectResponse message) =>
        (message.HostConfig?.Mounts ?? []).Where(mount => mount.Target is not null);

    private static Dictionary<string, BindText> Binds(Models.ContainerInspectResponse message) => (message.HostConfig?.Binds ?? [])
        .Select(BindText.Parse).OfType<BindText>()
        .GroupBy(bind => ContainerPath.Clean(bind.Target), StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private static HashSet<string> Places(Models.ContainerInspectResponse message) =>
        new(Asked(message).Select(mount => ContainerPath.Clean(mount.Target!)), StringComparer.Ordinal);

    // The volumes and folders of another container that this one was made with: they are said nowhere but among what is mounted.
    private static IEnumerable<Models.MountPoint> Inherited(Models.ContainerInspectResponse message)
    {
        if (message.HostConfig?.VolumesFrom is not { Count: > 0 })
        {
            return [];
        }

        var own = Places(message);
        own.UnionWith(Binds(message).Keys);
        own.UnionWith((message.Config?.Volumes?.Keys ?? []).Select(ContainerPath.Clean));
        return Points(message).Where(point => !own.Contains(point.Key) && point.Value.Type is "volume" or "bind" or "image")
            .Select(point => point.Value);
    }

    private static PortMapping[] ToPorts(IDictionary<string, IList<Models.PortBinding>>? bindings) =>
        (from pair in bindings ?? new Dictionary<string, IList<Models.PortBinding>>(StringComparer.Ordinal)
         let parts = pair.Key.Split('/')
         where int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
         from binding in pair.Value ?? []
         let host = (binding.HostPort ?? string.Empty).Split('/')[0].Split('-').Select(ToPort).ToArray()
         select new PortMapping
         {
             HostAddress = binding.HostIP,
             HostPort = host[0],
             HostPortEnd = host.Length > 1 && host[1] > host[0] ? host[1] : null,
             ContainerPort = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
             Protocol = parts.Length > 1 ? parts[1] : "tcp",
         }).ToArray();

    private static int? ToPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    public static Dictionary<string, string> ToEnvironment(IEnumerable<string>? lines)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines ?? [])
        {
            var equals = line.IndexOf('=');
            environment[equals < 0 ? line : line.Substring(0, equals)] = equals < 0 ? string.Empty : line.Substring(equals + 1);
        }

        return environment;
    }

    private static Dictionary<string, string> ToLabels(IDictionary<string, string>? labels) =>
        labels is null
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : new Dictionary<string, string>(labels, StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Models.EndpointSettings?>> Networks(Models.ContainerInspectResponse message) =>
        message.NetworkSettings?.Networks?.Select(pair => new KeyValuePair<string, Models.EndpointSettings?>(pair.Key, pair.Value)) ?? [];

    // The library's models have no text where an answer has none.
    private static string Given(string? text, string what, string member) =>
        text is { Length: > 0 } ? text : throw EngineErrors.Unreadable(what, member);

    private static bool IsVolume(string? type) => string.Equals(type, "volume", StringComparison.Ordinal);

    private static bool IsImage(string? type) => string.Equals(type, "image", StringComparison.Ordinal);

    private static string Unslash(string name) => name.TrimStart('/');
}
