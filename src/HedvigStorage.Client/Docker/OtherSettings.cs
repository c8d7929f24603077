using System.Text.Json;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// What the engine keeps of a container and no document can say, by the engine's own names: whoever replaces the container has to know of
/// it.
/// </summary>
internal static class OtherSettings
{
    // What a document can say, or what is told besides.
    private static readonly HashSet<string> Said = new(
        [
            "Binds", "VolumesFrom", "Mounts", "PortBindings", "RestartPolicy", "NetworkMode", "Memory", "MemorySwap", "MemoryReservation",
            "NanoCpus", "CpuShares", "CpusetCpus", "PidsLimit", "ShmSize", "Ulimits", "ReadonlyRootfs", "Tmpfs", "Init", "Privileged",
            "CapAdd", "CapDrop", "SecurityOpt", "GroupAdd", "Devices", "Sysctls", "ExtraHosts", "Dns", "DnsSearch", "DnsOptions", "IpcMode",
            "PidMode", "LogConfig",
        ],
        StringComparer.OrdinalIgnoreCase);

    // These say nothing that was asked for: the engine fills them in.
    private static readonly HashSet<string> FilledIn = new(
        ["CgroupnsMode", "ConsoleSize", "ContainerIDFile", "MaskedPaths", "ReadonlyPaths", "VolumeDriver"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string[]> Neutral = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Runtime"] =
        [
            "runc",
            "oci",
        ], ["Isolation"] = ["default"], ["MemorySwappiness"] = ["-1"], ["UTSMode"] = ["private"], ["UsernsMode"] = ["private"],
    };

    // How a bind may be said to be without saying anything more than a document; Podman says all that it does.
    private static readonly HashSet<string> PlainOptions = new(
        ["rw", "ro", "nocopy", "rprivate", "consistent", "cached", "delegated", "rbind", "nosuid", "nodev"], StringComparer.Ordinal);

    public static string[] Of(Models.ContainerInspectResponse message, ContainerRest rest)
    {
        var host = message.HostConfig ?? new Models.HostConfig();
        return
        [
            .. (rest.HostConfig?.Others ?? []).Where(pair => IsSaid(pair.Key, pair.Value))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key),
            .. (host.Binds ?? []).Select(BindOptions).OfType<string>(),
            .. (host.Mounts ?? []).Where(mount => mount.BindOptions is { Propagation: not (null or "" or "rprivate") })
            .Select(mount => $"the propagation of the mount at {mount.Target}"),
            .. (host.Mounts ?? [])
            .Where(
                mount =>
                    mount.BindOptions is { } options
                        && (options.NonRecursive == true || options.ReadOnlyNonRecursive == true || options.ReadOnlyForceRecursive == true))
                .Select(mount => $"how the mount at {mount.Target} takes in the mounts below its source"),
            .. (message.Config?.Env ?? []).Where(line => !IsSet(line))
            .Select(name => $"that the variable {name} of the image is taken away"),
            .. Networks(message, host.NetworkMode),
            .. string.IsNullOrEmpty(message.Config?.Domainname) ? Array.Empty<string>() : ["Domainname"],
        ];
    }

    /// <summary>Tells whether a line of an environment sets a variable; one without a value takes that of the image away.</summary>
    public static bool IsSet(string line) => line.IndexOf('=') is not -1;

    private static bool IsSaid(string name, JsonElement value)
    {
        var said = value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => false,
            JsonValueKind.Number => value.GetRawText() is not "0",
            JsonValueKind.String => value.GetString() is { Length: > 0 },
            JsonValueKind.Array => value.GetArrayLength() > 0,
            JsonValueKind.Object => value.EnumerateObject().Any(),
            _ => true,
        };
        return said && !Said.Contains(name) && !FilledIn.Contains(name)
            && !(Neutral.TryGetValue(name, out var neutral) && neutral.Contains(value.ToString(), StringComparer.Ordinal));
    }

    private static string? BindOptions(string bind)
    {
        var parsed = BindText.Parse(bind);
        var options = parsed?.Options.Where(option => !PlainOptions.Contains(option)).ToArray() ?? [];
        return options.Length == 0 ? null : $"the options {string.Join(",", options)} of the mount at {parsed!.Target}";
    }

    private static IEnumerable<string> Networks(Models.ContainerInspectResponse message, string? mode)
    {
        var networks = message.NetworkSettings?.Networks ?? new Dictionary<string, Models.EndpointSettings>(StringComparer.Ordinal);
        foreach (var network in networks.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var (name, endpoint) = (network.Key, (Models.EndpointSettings?)network.Value);
            var isMain = string.Equals(name, mode, StringComparison.Ordinal)
                || string.Equals(endpoint?.NetworkID, mode, StringComparison.Ordinal)
                || (name is "bridge" && mode is null or "" or "default");
            if (!isMain && mode is not ("host" or "none"))
            {
                yield return $"the connection to the network '{name}'";
            }

            var addresses = new[] { endpoint?.IPAMConfig?.IPv4Address, endpoint?.IPAMConfig?.IPv6Address };
            if (Array.Find(addresses, text => !string.IsNullOrEmpty(text)) is { } fixedAddress)
            {
                yield return $"the address {fixedAddress} in the network '{name}'";
            }

            var own = message.Name?.TrimStart('/');
            var aliases = (endpoint?.Aliases ?? [])
                .Where(alias => message.ID?.StartsWith(alias, StringComparison.Ordinal) != true)
                .Where(alias => !string.Equals(alias, own, StringComparison.Ordinal)).ToArray();
            if (aliases.Length > 0)
            {
                yield return $"the names {string.Join(" ", aliases)} in the network '{name}'";
            }
        }
    }
}
