using HedvigStorage.Docker;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <summary>Turns the settings of <see cref="ContainerSettings"/> into the engine's messages and back.</summary>
internal static class SettingsMapping
{
    private const decimal NanosPerCpu = 1_000_000_000;

    /// <summary>Writes settings over a message.</summary>
    public static void Write(IReadOnlyDictionary<string, IReadOnlyList<string>> settings, Models.CreateContainerParameters message)
    {
        var host = message.HostConfig!;
        foreach (var pair in settings)
        {
            Write(pair.Key, pair.Value, message, host);
        }
    }

    /// <summary>Reads the settings of a container.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Read(Models.ContainerInspectResponse message)
    {
        var host = message.HostConfig ?? new Models.HostConfig();
        var found = Read(message.Config?.Tty, message.Config?.OpenStdin, message.Config?.StopSignal);
        Add(found, "resources.memory", Positive(host.Memory));
        Add(found, "resources.memorySwap", host.MemorySwap == -1 ? ["-1"] : Positive(host.MemorySwap));
        Add(found, "resources.memoryReservation", Positive(host.MemoryReservation));
        Add(found, "resources.cpus", host.NanoCPUs > 0 ? [(host.NanoCPUs / NanosPerCpu).ToString(CultureInfo.InvariantCulture)] : null);
        Add(found, "resources.cpuShares", Positive(host.CPUShares));
        Add(found, "resources.cpuset", Text(host.CpusetCpus));
        Add(found, "resources.pids", Positive(host.PidsLimit));
        Add(found, "shmSize", Positive(host.ShmSize));
        Add(
            found,
            "ulimits",
            host.Ulimits?.Select(limit => string.Format(CultureInfo.InvariantCulture, "{0}={1}:{2}", limit.Name, limit.Soft, limit.Hard)));
        Add(found, "readOnly", Flag(host.ReadonlyRootfs));
        Add(
            found,
            "tmpfs",
            Pairs(host.Tmpfs).Concat((host.Mounts ?? []).Where(IsTmpfs).Select(mount => $"{mount.Target}={Options(mount)}")));
        Add(found, "init", Flag(host.Init));
        Add(found, "privileged", Flag(host.Privileged));
        Add(found, "capabilities.add", host.CapAdd);
        Add(found, "capabilities.drop", host.CapDrop);

        // The engine says this of every privileged container.
        var said = host.SecurityOpt?.Where(option => !host.Privileged || option is not ("label=disable" or "label:disable"));
        Add(found, "securityOptions", said);
        Add(found, "groups", host.GroupAdd);
        Add(found, "devices", host.Devices?.Select(device => $"{device.PathOnHost}:{device.PathInContainer}:{device.CgroupPermissions}"));
        Add(found, "sysctls", Pairs(host.Sysctls));
        Add(found, "extraHosts", host.ExtraHosts);
        Add(found, "dns", host.DNS);
        Add(found, "dnsSearch", host.DNSSearch);
        Add(found, "dnsOptions", host.DNSOptions);

        // Which of these is the default is the engine's configuration, and between containers that share nothing it makes no difference.
        Add(found, "ipc", host.IpcMode is "private" or "shareable" ? null : Text(host.IpcMode));
        Add(found, "pid", host.PidMode is "private" ? null : Text(host.PidMode));
        Add(found, "logging.driver", Text(host.LogConfig?.Type));
        Add(found, "logging.options", Pairs(host.LogConfig?.Config));
        return found;
    }

    /// <summary>Reads the settings that are of an image, too.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Read(bool? tty, bool? openStdin, string? stopSignal)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Add(found, "tty", Flag(tty));
        Add(found, "stdinOpen", Flag(openStdin));
        Add(found, "stopSignal", Text(stopSignal));
        return found;
    }

    private static void Write(string name, IReadOnlyList<string> value, Models.CreateContainerParameters message, Models.HostConfig host)
    {
        switch (name)
        {
            case "resources.memory": host.Memory = Number(value); break;
            case "resources.memorySwap": host.MemorySwap = Number(value); break;
            case "resources.memoryReservation": host.MemoryReservation = Number(value); break;
            case "resources.cpus": host.NanoCPUs = (long)(decimal.Parse(value[0], CultureInfo.InvariantCulture) * NanosPerCpu); break;
            case "resources.cpuShares": host.CPUShares = Number(value); break;
            case "resources.cpuset": host.CpusetCpus = value[0]; break;
            case "resources.pids": host.PidsLimit = Number(value); break;
            case "shmSize": host.ShmSize = Number(value); break;
            case "ulimits": host.Ulimits = value.Select(ToUlimit).ToList(); break;
            case "readOnly": host.ReadonlyRootfs = IsTrue(value); break;
            case "tmpfs": host.Tmpfs = ToMap(value); break;
            case "init": host.Init = IsTrue(value); break;
            case "tty": message.Tty = IsTrue(value); break;
            case "stdinOpen": message.OpenStdin = IsTrue(value); break;
            case "stopSignal": message.StopSignal = value[0]; break;
            case "privileged": host.Privileged = IsTrue(value); break;
            case "capabilities.add": host.CapAdd = [.. value]; break;
            case "capabilities.drop": host.CapDrop = [.. value]; break;
            case "securityOptions": host.SecurityOpt = [.. value]; break;
            case "groups": host.GroupAdd = [.. value]; break;
            case "devices": host.Devices = value.Select(ToDevice).ToList(); break;
            case "sysctls": host.Sysctls = ToMap(value); break;
            case "extraHosts": host.ExtraHosts = [.. value]; break;
            case "dns": host.DNS = [.. value]; break;
            case "dnsSearch": host.DNSSearch = [.. value]; break;
            case "dnsOptions": host.DNSOptions = [.. value]; break;
            case "ipc": host.IpcMode = value[0]; break;
            case "pid": host.PidMode = value[0]; break;
            case "logging.driver": LogConfig(host).Type = value[0]; break;
            case "logging.options": LogConfig(host).Config = ToMap(value); break;
            default: throw new ClusterException(
                ErrorCode.Unsupported, $"The setting '{name}' of a container is not known to the client of the Docker Engine.");
        }
    }

    // What an engine answers in a form of its own is kept as it is: it must not be lost for that.
    private static void Add(Dictionary<string, IReadOnlyList<string>> found, string name, IEnumerable<string>? items)
    {
        var value = items?.ToArray() ?? [];
        if (value.Length == 0)
        {
            return;
        }

        try
        {
            found[name] = ContainerSettings.All.Single(setting => string.Equals(setting.Name, name, StringComparison.Ordinal))
                .Normalise(value);
        }
        catch (FormatException)
        {
            found[name] = value;
        }
    }

    private static bool IsTmpfs(Models.Mount mount) =>
        string.Equals(mount.Type, "tmpfs", StringComparison.Ordinal) && mount.Target is not null;

    private static string Options(Models.Mount mount)
    {
        var options = mount.TmpfsOptions;
        var size = options?.SizeBytes is > 0 and var bytes ? "size=" + bytes.ToString(CultureInfo.InvariantCulture) : null;
        var mode = options?.Mode is > 0 and var bits ? "mode=" + Convert.ToString(bits, 8) : null;
        return string.Join(
            ",",
            new[] { size, mode, mount.ReadOnly == true ? "ro" : null }.Where(option => option is not null)
                .Concat((options?.Options ?? []).Select(option => string.Join("=", option))));
    }

    private static IEnumerable<string>? Positive(long? number) =>
        number is > 0 and var value ? [value.ToString(CultureInfo.InvariantCulture)] : null;

    private static IEnumerable<string>? Text(string? text) => string.IsNullOrEmpty(text) ? null : [text!];

    private static IEnumerable<string>? Flag(bool? flag) => flag == true ? ["true"] : null;

    private static IEnumerable<string> Pairs(IDictionary<string, string>? map) =>
        map?.Select(pair => pair.Key + "=" + pair.Value) ?? [];

    private static long Number(IReadOnlyList<string> value) => Number(value[0]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsTrue(IReadOnlyList<string> value) => string.Equals(value[0], "true", StringComparison.Ordinal);

    private static Dictionary<string, string> ToMap(IReadOnlyList<string> value) => ContainerMapping.ToEnvironment([.. value]);

    private static Models.Ulimit ToUlimit(string item)
    {
        var parts = item.Split('=', ':');
        return new Models.Ulimit { Name = parts[0], Soft = Number(parts[1]), Hard = Number(parts[2]) };
    }

    private static Models.LogConfig LogConfig(Models.HostConfig host) => host.LogConfig ??= new Models.LogConfig();

    private static Models.DeviceMapping ToDevice(string item)
    {
        var parts = item.Split(':');
        return new Models.DeviceMapping { PathOnHost = parts[0], PathInContainer = parts[1], CgroupPermissions = parts[2] };
    }
}
