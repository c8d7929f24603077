using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Which steps must come before those of containers and of the engine's volumes.</summary>
internal static class ContainerDependencies
{
    public static void Connect(Configuration configuration, Dictionary<string, PlanStep> byId, Action<string, string> uses)
    {
        var docker = configuration.Docker ?? new DockerConfiguration();
        var plugin = PlanStep.IdOf(ResourceKind.Plugin, docker.DriverName);
        foreach (var volume in docker.Volumes.Where(volume => string.Equals(volume.Driver, docker.DriverName, StringComparison.Ordinal)))
        {
            var id = PlanStep.IdOf(ResourceKind.DockerVolume, volume.Name);
            uses(id, plugin);
            uses(id, PlanStep.IdOf(ResourceKind.Volume, volume.Name));
        }

        var pulls = byId.Values.Where(step => step.Kind == ResourceKind.Image).ToArray();
        foreach (var container in docker.Containers)
        {
            Connect(configuration, docker, container, pulls, uses);
        }

        foreach (var step in byId.Values.Where(step => step.Kind == ResourceKind.Container).ToArray())
        {
            foreach (var volume in step.Mounted)
            {
                uses(step.Id, PlanStep.IdOf(ResourceKind.Volume, volume));
            }

            foreach (var network in step.Connected)
            {
                uses(step.Id, PlanStep.IdOf(ResourceKind.Network, network));
            }
        }

        // What goes away may mount or be connected to anything that goes away: the document need not say what it was.
        var going = byId.Values.Where(step => step.Kind == ResourceKind.Container && step.Action is StepAction.Remove or StepAction.Replace)
            .ToArray();
        var used = byId.Values
            .Where(step => step.Action == StepAction.Remove
                && step.Kind is ResourceKind.Volume or ResourceKind.DockerVolume or ResourceKind.Network or ResourceKind.Plugin)
            .ToArray();
        foreach (var step in going)
        {
            foreach (var other in used)
            {
                uses(step.Id, other.Id);
            }
        }

        // The same for the engine's volumes, which need the plugin until they are gone.
        foreach (var volume in used.Where(step => step.Kind == ResourceKind.DockerVolume))
        {
            uses(volume.Id, plugin);
        }
    }

    /// <summary>Names the images that a container needs: its own, and those that it mounts.</summary>
    public static IEnumerable<string> ImagesOf(ConfiguredContainer container) =>
        (container.Mounts ?? []).Where(mount => mount.Type is "image").Select(mount => mount.Source).Prepend(container.Image)
            .Distinct(StringComparer.Ordinal);

    private static void Connect(
        Configuration configuration,
        DockerConfiguration docker,
        ConfiguredContainer container,
        PlanStep[] pulls,
        Action<string, string> uses)
    {
        var id = PlanStep.IdOf(ResourceKind.Container, container.Name);
        foreach (var step in pulls.Where(step => ImagesOf(container).Any(image => ImageName.Same(image, step.Name))))
        {
            uses(id, step.Id);
        }

        uses(id, PlanStep.IdOf(ResourceKind.Plugin, docker.DriverName));
        if (container.Network is { } network)
        {
            uses(id, PlanStep.IdOf(ResourceKind.Network, network));
        }

        if (ContainerRules.SharesNetworkOf(container) is { } owner)
        {
            uses(id, PlanStep.IdOf(ResourceKind.Container, owner));
        }

        foreach (var other in container.DependsOn)
        {
            uses(id, PlanStep.IdOf(ResourceKind.Container, other));
        }

        foreach (var mount in (container.Mounts ?? []).Where(mount => mount.Driver is not null))
        {
            uses(id, PlanStep.IdOf(ResourceKind.DockerVolume, mount.Source));
            if (!string.Equals(mount.Driver, docker.DriverName, StringComparison.Ordinal))
            {
                continue;
            }

            uses(id, PlanStep.IdOf(ResourceKind.Volume, mount.Source));

            // A snapshot that the same document asks for is taken before the container changes: it is there to go back to.
            foreach (var snapshot in configuration.Snapshots.Where(
                snapshot => string.Equals(snapshot.Volume, mount.Source, StringComparison.Ordinal)))
            {
                uses(id, PlanStep.IdOf(ResourceKind.Snapshot, ClusterState.NameOf(snapshot.Volume, snapshot.Name)));
            }
        }
    }
}
