using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>What must hold between the objects of the Docker part and the rest.</summary>
internal static class DockerRules
{
    private const string LocalDriver = "local";

    public static IEnumerable<string> Check(Configuration configuration) => configuration.Docker is not { } docker ? [] :
        ConfigurationRules.Unique("container", docker.Containers.Select(container => container.Name))
            .Concat(ConfigurationRules.Unique("network", docker.Networks.Select(network => network.Name)))
            .Concat(ConfigurationRules.Unique("Docker volume", docker.Volumes.Select(volume => volume.Name)))
            .Concat(
                docker.Networks.Where(network => !ConfiguredNetwork.IsMade(network.Name))
                    .Select(network => $"The network '{network.Name}' is one that every Docker Engine has: it is not described."))
            .Concat(docker.Volumes.SelectMany(volume => CheckVolume(configuration, docker, volume)))
            .Concat(
                docker.Containers.Where(container => container.Ensure == Ensure.Present)
                    .SelectMany(container => CheckContainer(configuration, docker, container)))
            .Concat(
                docker.Containers.SelectMany(
                    (container, index) =>
                        ContainerRules.Check(
                            docker, container, string.Format(CultureInfo.InvariantCulture, "$.docker.containers[{0}]", index))))
            .Concat(ContainerOrder.Check(docker.Containers));

    private static IEnumerable<string> CheckContainer(
        Configuration configuration, DockerConfiguration docker, ConfiguredContainer container)
    {
        if (container.Image.Length == 0)
        {
            yield return $"The container '{container.Name}' needs an 'image', such as postgres:16.";
        }

        foreach (var mount in VolumesOf(container).Where(mount =>
            ConfigurationRules.Absent(docker.Volumes, volume => volume.Name, volume => volume.Ensure, mount.Source)
            || (IsOurs(docker, mount.Driver) && ConfigurationRules.Absent(
                configuration.Volumes, volume => volume.Name, volume => volume.Ensure, mount.Source))))
        {
            yield return $"The container '{container.Name}' mounts the volume '{mount.Source}', which the document makes absent.";
        }

        if (docker.Plugin?.Ensure == Ensure.Absent && VolumesOf(container).Any(mount => IsOurs(docker, mount.Driver)))
        {
            yield return $"The container '{container.Name}' mounts volumes, which need the plugin that the document makes absent.";
        }

        if (ConfigurationRules.Absent(docker.Networks, network => network.Name, network => network.Ensure, container.Network))
        {
            yield return $"The container '{container.Name}' is in the network '{container.Network}', which the document makes absent.";
        }

        if (container.WaitHealthy is not null && (container.Health is null || container.Health.Test is ["NONE"]))
        {
            yield return $"The container '{container.Name}' has 'waitHealthy' and no 'health' check that tells when it is. "
                + $"Give a 'health' with a 'test'; an empty one, {{}}, is the image's own.";
        }
    }

    private static IEnumerable<string> CheckVolume(Configuration configuration, DockerConfiguration docker, ConfiguredDockerVolume volume)
    {
        if (volume is { Ensure: Ensure.Present, Driver: LocalDriver, Name.Length: 1 })
        {
            yield return $"The Docker volume name '{volume.Name}' is too short: the driver '{LocalDriver}' takes names of 2 characters or "
                + "more.";
        }

        if (!IsOurs(docker, volume.Driver))
        {
            yield break;
        }

        if (volume.Ensure == Ensure.Present && docker.Plugin?.Ensure == Ensure.Absent)
        {
            yield return $"The Docker volume '{volume.Name}' needs the plugin that the document makes absent.";
        }

        if (configuration.Volumes.FirstOrDefault(
            other => string.Equals(other.Name, volume.Name, StringComparison.Ordinal)) is not { } stored)
        {
            yield break;
        }

        if (volume.Options is { Count: > 0 })
        {
            yield return $"The Docker volume '{volume.Name}' has 'options', and the document describes the same volume of the cluster in "
                + "'volumes'. Describe it there.";
        }

        if (stored.Ensure != Ensure.Forgotten && volume.Ensure != Ensure.Forgotten && stored.Ensure != volume.Ensure)
        {
            yield return $"The volume '{volume.Name}' is to be {stored.Ensure} in the cluster and {volume.Ensure} in the Docker Engine, "
                + "which shows the same volume. Choose one.";
        }
    }

    private static bool IsOurs(DockerConfiguration docker, string? driver) =>
        string.Equals(driver, docker.DriverName, StringComparison.Ordinal);

    private static IEnumerable<ContainerMount> VolumesOf(ConfiguredContainer container) =>
        (container.Mounts ?? []).Where(mount => mount.Driver is not null);
}
