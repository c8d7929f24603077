using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <summary>Turns containers into the engine's messages and back.</summary>
internal static class ContainerMapping
{
    private const string LatestTag = ":latest";

    public static CreateContainerMessage ToMessage(ContainerSpecification specification) => new()
    {
        Image = specification.Image,
        Cmd = specification.Command,
        Entrypoint = specification.EntryPoint,
        User = specification.User,
        Env = specification.Environment.Select(pair => pair.Key + "=" + pair.Value).ToArray(),
        Labels = specification.Labels,
        ExposedPorts = specification.Ports.Select(PortKey).Distinct(StringComparer.Ordinal).ToDictionary(key => key, _ => new EmptyMessage(), StringComparer.Ordinal),
        HostConfig = new HostConfigMessage
        {
            Mounts = specification.Mounts.Select(ToMessage).ToList(),
            PortBindings = specification.Ports.GroupBy(PortKey, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => (List<PortBindingMessage>?)group.Select(port => new PortBindingMessage(
                    port.HostAddress ?? string.Empty, port.HostPort?.ToString(CultureInfo.InvariantCulture) ?? string.Empty)).ToList(),
                StringComparer.Ordinal),
            RestartPolicy = ToMessage(specification.Restart),
            NetworkMode = specification.NetworkMode,
        },
    };

    public static RestartPolicyMessage ToMessage(RestartPolicy restart) => new(restart.Name, restart.MaximumRetryCount);

    public static Container ToModel(ContainerMessage message) => new()
    {
        Id = message.Id ?? throw DockerCall.Unreadable("container", "Id"),
        Name = Unslash(message.Name ?? throw DockerCall.Unreadable("container", "Name")),
        ImageId = message.Image ?? string.Empty,
        State = message.State?.Status ?? string.Empty,
        ExitCode = message.State?.ExitCode ?? 0,
        Error = message.State?.Error ?? string.Empty,
        CreatedAt = message.Created ?? default,
        Specification = new ContainerSpecification
        {
            Image = message.Config?.Image ?? string.Empty,
            Command = message.Config?.Cmd,
            EntryPoint = message.Config?.Entrypoint,
            User = string.IsNullOrEmpty(message.Config?.User) ? null : message.Config!.User,
            Environment = ToEnvironment(message.Config?.Env),
            Labels = ToLabels(message.Config?.Labels),
            Mounts = ToMounts(message),
            Ports = ToPorts(message.HostConfig?.PortBindings),
            Restart = message.HostConfig?.RestartPolicy is { Name.Length: > 0 } restart ? new RestartPolicy(restart.Name!, restart.MaximumRetryCount) : RestartPolicy.No,
            // Older engines say "default" where nothing was asked.
            NetworkMode = message.HostConfig?.NetworkMode is { Length: > 0 } mode && !string.Equals(mode, "default", StringComparison.Ordinal) ? mode : null,
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
        Environment = ToEnvironment(message.Config?.Env),
        Labels = ToLabels(message.Config?.Labels),
    };

    public static EngineVolume ToModel(VolumeMessage message) => new()
    {
        Name = message.Name ?? throw DockerCall.Unreadable("volume", "Name"),
        Driver = DriverName(message.Driver ?? throw DockerCall.Unreadable("volume", "Driver")),
        Mountpoint = message.Mountpoint ?? string.Empty,
        Options = ToLabels(message.Options),
        Labels = ToLabels(message.Labels),
    };

    private static MountMessage ToMessage(ContainerMount mount) => new(
        mount.Type,
        mount.Source,
        mount.Target,
        mount.ReadOnly,
        mount.Driver is { } driver ? new VolumeOptionsMessage(new DriverConfigMessage(driver)) : null);

    private static string PortKey(PortMapping port) => port.ContainerPort.ToString(CultureInfo.InvariantCulture) + "/" + port.Protocol;

    // What was asked for is in HostConfig; volumes that the image makes for itself are only among the container's mounts, and no document names them.
    private static ContainerMount[] ToMounts(ContainerMessage message)
    {
        var points = (message.Mounts ?? []).Where(point => point.Destination is not null)
            .GroupBy(point => point.Destination!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var asked = (message.HostConfig?.Mounts ?? []).Where(mount => mount.Target is not null).Select(mount => new ContainerMount
        {
            Type = mount.Type ?? "volume",
            Source = mount.Source ?? string.Empty,
            Target = mount.Target!,
            ReadOnly = mount.ReadOnly ?? false,
            Driver = !IsVolume(mount.Type) ? null : points.TryGetValue(mount.Target!, out var point) && point.Driver is { Length: > 0 } driver
                ? DriverName(driver)
                : mount.VolumeOptions?.DriverConfig?.Name,
        });
        var bound = points.Values.Where(point => IsBound(message.HostConfig?.Binds, point)).Select(point => new ContainerMount
        {
            Type = point.Type ?? "bind",
            Source = (IsVolume(point.Type) ? point.Name : point.Source) ?? string.Empty,
            Target = point.Destination!,
            ReadOnly = !point.RW,
            Driver = IsVolume(point.Type) && point.Driver is { Length: > 0 } driver ? DriverName(driver) : null,
        });
        return asked.Concat(bound).ToArray();
    }

    // A bind is SOURCE:TARGET[:OPTIONS]; on Windows the source and the target have colons too, so the target is looked for.
    private static bool IsBound(List<string>? binds, MountPointMessage point) =>
        binds?.Exists(bind => (bind + ":").Contains(":" + point.Destination + ":")) == true;

    private static PortMapping[] ToPorts(Dictionary<string, List<PortBindingMessage>?>? bindings) =>
        (from pair in bindings ?? []
         let parts = pair.Key.Split('/')
         where int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
         from binding in pair.Value ?? []
         select new PortMapping
         {
             HostAddress = string.IsNullOrEmpty(binding.HostIp) ? null : binding.HostIp,
             HostPort = int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null,
             ContainerPort = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
             Protocol = parts.Length > 1 ? parts[1] : "tcp",
         }).ToArray();

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

    private static string Unslash(string name) => name.TrimStart('/');
}
