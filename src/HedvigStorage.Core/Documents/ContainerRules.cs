using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>
/// What an engine refuses of a container for what its members say together: to make it, or to start it. Source: moby's
/// verifyContainerSettings and runconfig, tried on engines 20.10 to 28.
/// </summary>
internal static class ContainerRules
{
    private const string SharedNetwork = "container:";

    /// <summary>Names what is wrong, each with its place.</summary>
    /// <param name="docker">The Docker part that the container is in.</param>
    /// <param name="container">The container.</param>
    /// <param name="path">Where it is in the document.</param>
    public static IEnumerable<string> Check(DockerConfiguration docker, ConfiguredContainer container, string path) =>
        container.Ensure != Ensure.Present ? [] :
        CheckPlaces(container, path)
            .Concat(CheckMemory(container, path))
            .Concat(CheckPorts(container, path))
            .Concat(CheckSharedNetwork(docker, container, path));

    /// <summary>Names the container whose network another shares, or <see langword="null"/>.</summary>
    public static string? SharesNetworkOf(ConfiguredContainer container) =>
        container.Network is { } network && network.StartsWith(SharedNetwork, StringComparison.Ordinal)
            ? network.Substring(SharedNetwork.Length)
            : null;

    private static IEnumerable<string> CheckPlaces(ConfiguredContainer container, string path)
    {
        var mounts = (container.Mounts ?? [])
            .Select(
                (mount, index) => (mount.Target, Path: string.Format(CultureInfo.InvariantCulture, "{0}.mounts[{1}].target", path, index)));
        var memory = (container.Settings.TryGetValue(ContainerSettings.Tmpfs, out var places) ? places : [])
            .Select(item => (Target: item.Substring(0, item.IndexOf('=')), Path: path + ".tmpfs"));
        return mounts.Concat(memory).GroupBy(place => place.Target, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"{group.Last().Path}: The container '{container.Name}' mounts two things at '{group.Key}'.");
    }

    private static IEnumerable<string> CheckMemory(ConfiguredContainer container, string path)
    {
        var (memory, swap, reservation) = (
            Bytes(ContainerSettings.Memory), Bytes(ContainerSettings.MemorySwap), Bytes(ContainerSettings.MemoryReservation));
        if (swap is > 0 && memory is null)
        {
            yield return $"{path}.resources.memorySwap: it limits memory and swap together, so it needs 'memory' too.";
        }

        if (swap is > 0 && memory > swap)
        {
            yield return $"{path}.resources.memorySwap: {new ByteSize(swap.Value)} for memory and swap together is less than 'memory', "
                + $"{new ByteSize(memory.Value)}.";
        }

        if (reservation > memory)
        {
            yield return $"{path}.resources.memoryReservation: {new ByteSize(reservation.Value)} is more than 'memory', "
                + $"{new ByteSize(memory.Value)}.";
        }

        long? Bytes(string name) =>
            container.Settings.TryGetValue(name, out var value) && value.Count > 0
                ? long.Parse(value[0], CultureInfo.InvariantCulture)
                : null;
    }

    private static IEnumerable<string> CheckPorts(ConfiguredContainer container, string path)
    {
        var ports = (container.Ports ?? []).Where(port => port is { HostPort: not null, HostPortEnd: null }).ToArray();
        for (var index = 1; index < ports.Length; index++)
        {
            var port = ports[index];
            if (ports.Take(index).Any(other => other.HostPort == port.HostPort && string.Equals(
                other.Protocol, port.Protocol, StringComparison.Ordinal)
                && (other.HostAddress is null || port.HostAddress is null || string.Equals(
                    other.HostAddress, port.HostAddress, StringComparison.Ordinal))))
            {
                yield return $"{path}.ports: The container '{container.Name}' publishes the port "
                    + $"{port.HostPort?.ToString(CultureInfo.InvariantCulture)}/{port.Protocol} of the host twice.";
            }
        }
    }

    // What belongs to a network is said by the container that has it.
    private static IEnumerable<string> CheckSharedNetwork(DockerConfiguration docker, ConfiguredContainer container, string path)
    {
        if (SharesNetworkOf(container) is not { } other)
        {
            yield break;
        }

        var own = new (string Name, bool Given)[]
        {
            ("hostname", container.HostName is not null),
            ("ports", container.Ports is { Count: > 0 }),
            ("dns", container.Settings.TryGetValue("dns", out var servers) && servers.Count > 0),
            ("extraHosts", container.Settings.TryGetValue("extraHosts", out var hosts) && hosts.Count > 0),
        };
        foreach (var (name, _) in own.Where(member => member.Given))
        {
            yield return $"{path}.{name}: The container '{container.Name}' shares the network of '{other}': give '{name}' there.";
        }

        if (string.Equals(other, container.Name, StringComparison.Ordinal)
            || ConfigurationRules.Absent(docker.Containers, item => item.Name, item => item.Ensure, other))
        {
            yield return $"{path}.network: The container '{container.Name}' shares the network of '{other}', "
                + $"which {(string.Equals(other, container.Name, StringComparison.Ordinal) ? "is itself" : "the document makes absent")}.";
        }
    }
}
