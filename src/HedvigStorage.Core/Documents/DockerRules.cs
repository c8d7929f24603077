using System;
using System.Collections.Generic;
using System.Linq;

namespace HedvigStorage.Documents;

/// <summary>What must hold between the objects of the Docker part and the rest.</summary>
internal static class DockerRules
{
    public static IEnumerable<string> Check(Configuration configuration)
    {
        var containers = configuration.Docker?.Containers ?? [];
        return ConfigurationRules.Unique("container", containers.Select(container => container.Name))
            .Concat(containers.SelectMany(container => CheckContainer(configuration, container)));
    }

    private static IEnumerable<string> CheckContainer(Configuration configuration, ConfiguredContainer container)
    {
        if (container.Ensure == Ensure.Absent)
        {
            yield break;
        }

        if (container.Image.Length == 0)
        {
            yield return $"The container '{container.Name}' needs an 'image', such as postgres:16.";
        }

        foreach (var target in (container.Mounts ?? []).GroupBy(mount => mount.Target, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"The container '{container.Name}' mounts two things at '{target.Key}'.";
        }

        foreach (var mount in VolumesOf(container).Where(name => ConfigurationRules.Absent(configuration.Volumes, volume => volume.Name, volume => volume.Ensure, name)))
        {
            yield return $"The container '{container.Name}' mounts the volume '{mount}', which the document makes absent.";
        }

        if (configuration.Docker?.Plugin?.Ensure == Ensure.Absent && VolumesOf(container).Any())
        {
            yield return $"The container '{container.Name}' mounts volumes, which need the plugin that the document makes absent.";
        }
    }

    private static IEnumerable<string> VolumesOf(ConfiguredContainer container) =>
        (container.Mounts ?? []).Where(mount => mount.Driver is not null).Select(mount => mount.Source);
}
