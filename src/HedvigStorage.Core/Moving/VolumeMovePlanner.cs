using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Planning;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Moving;

/// <summary>
/// Finds what goes with a volume: the containers that mount it, the other volumes that they mount, the containers that mount those. All
/// that could keep them from running at the destination, and can be known before, is refused here, while nothing is stopped yet.
/// </summary>
internal sealed class VolumeMovePlanner(IDockerEngine source, IDockerEngine destination, VolumeMoveOptions options)
{
    private const string VolumeType = "volume";
    private readonly Dictionary<string, Container> _containers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _volumes = new(StringComparer.Ordinal);

    public List<string> Notes { get; } = [];

    public IReadOnlyCollection<string> Volumes => _volumes;

    /// <summary>Finds the containers to move, those that were made first in front.</summary>
    /// <exception cref="ClusterException">Something cannot be moved; the message says what, and what to do.</exception>
    public async Task<IReadOnlyList<MovedContainer>> FindAsync(string volume, CancellationToken cancellationToken)
    {
        if (source.Address == destination.Address)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The destination {destination.Address} is the source too. Give the address of another Docker Engine.");
        }

        await CollectAsync(volume, cancellationToken).ConfigureAwait(false);
        var moved = new List<MovedContainer>();
        foreach (var container in _containers.Values.OrderBy(container => container.CreatedAt).ThenBy(
            container => container.Name, StringComparer.Ordinal))
        {
            CheckMovable(container);
            moved.Add(new MovedContainer(container, await CheckRoomAsync(container, cancellationToken).ConfigureAwait(false)));
        }

        if (moved.Count > 0)
        {
            foreach (var name in _volumes)
            {
                await CheckReachedAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }

        return moved;
    }

    private async Task CollectAsync(string first, CancellationToken cancellationToken)
    {
        var open = new Queue<string>([first]);
        while (open.Count > 0)
        {
            var volume = open.Dequeue();
            if (!_volumes.Add(volume))
            {
                continue;
            }

            foreach (var summary in await source.ListContainersAsync(labels: null, volume, cancellationToken).ConfigureAwait(false))
            {
                if (_containers.ContainsKey(summary.Name)
                    || !summary.Volumes.Contains(volume, StringComparer.Ordinal)
                    || await source.FindContainerAsync(summary.Name, cancellationToken).ConfigureAwait(false) is not { } container
                    || !container.Specification.Mounts.Any(mount => IsOurs(mount) && Same(mount.Source, volume)))
                {
                    continue;
                }

                _containers.Add(container.Name, container);
                foreach (var other in container.Specification.Mounts.Where(IsOurs))
                {
                    open.Enqueue(other.Source);
                }
            }
        }
    }

    private void CheckMovable(Container container)
    {
        var name = container.Name;
        var specification = container.Specification;
        if (container.State is not ("running" or "restarting" or "exited" or "created"))
        {
            throw Refused($"The container '{name}' is {container.State}. Only one that runs or is stopped can be moved.");
        }

        if (specification.Mounts.FirstOrDefault(mount => Same(mount.Type, VolumeType) && !IsOurs(mount)) is { } local)
        {
            throw Refused(
                $"The container '{name}' mounts the volume '{local.Source}' of the driver '{local.Driver ?? "local"}', "
                    + $"whose data would stay at {source.Address}. Put it on a volume of the cluster first.");
        }

        if (container.AnonymousVolumes.Count > 0)
        {
            throw Refused(
                $"The container '{name}' has {container.AnonymousVolumes.Count} volumes without a name, "
                    + $"whose data would stay at {source.Address}. Mount volumes of the cluster at their places first.");
        }

        if (specification.NetworkMode?.StartsWith("container:", StringComparison.Ordinal) == true)
        {
            throw Refused($"The container '{name}' shares the network of another container and cannot be moved without it.");
        }

        if (container.Networks.Count > 1)
        {
            throw Refused(
                $"The container '{name}' is connected to {container.Networks.Count} networks "
                    + $"({string.Join(", ", container.Networks.Keys)}). Only one that is connected to one can be moved.");
        }

        Notes.AddRange(
            specification.Mounts.Where(mount => Same(mount.Type, "bind"))
                .Select(mount => $"The container '{name}' binds '{mount.Source}' of its host: it will find that of the other host."));
        if (!specification.Labels.ContainsKey(DockerLabels.Managed))
        {
            Notes.Add(
                $"The container '{name}' was not made by this product: what a configuration cannot describe of it, such as limits, "
                    + "capabilities and devices, does not go with it.");
        }
    }

    private async Task<ContainerSpecification> CheckRoomAsync(Container container, CancellationToken cancellationToken)
    {
        var name = container.Name;
        if (await destination.FindContainerAsync(name, cancellationToken).ConfigureAwait(false) is { } other && Same(other.Name, name))
        {
            throw new ClusterException(
                ErrorCode.Conflict, $"There is a container '{name}' at {destination.Address} already. Rename or remove it first.");
        }

        var reference = container.Specification.Image;
        var image = await destination.FindImageAsync(reference, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(
                ErrorCode.NotFound,
                $"The image '{reference}' of the container '{name}' is not at {destination.Address}. Pull it there first.");
        if (!Same(image.Id, container.ImageId))
        {
            Notes.Add($"The image '{reference}' of the container '{name}' is another one at {destination.Address}.");
        }

        if (container.Specification.NetworkMode is { } network && ConfiguredNetwork.IsMade(network)
            && await destination.FindNetworkAsync(network, cancellationToken).ConfigureAwait(false) is null)
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"The network '{network}' of the container '{name}' is not at {destination.Address}. Create it there first.");
        }

        var own = await source.FindImageAsync(container.ImageId, cancellationToken).ConfigureAwait(false)
            ?? await source.FindImageAsync(reference, cancellationToken).ConfigureAwait(false);
        if (container.Specification.Others is { Count: > 0 } others)
        {
            Notes.Add($"The container '{name}' has what is not moved with it: {string.Join(", ", others)}.");
        }

        return ContainerRecipe.Of(container, own);
    }

    // A plugin host lists all volumes of its cluster: one that does not know the volume is not there, or is one of another cluster.
    private async Task CheckReachedAsync(string volume, CancellationToken cancellationToken)
    {
        var found = await destination.FindVolumeAsync(volume, cancellationToken).ConfigureAwait(false);
        if (found is null || !options.Drivers.Contains(found.Driver, StringComparer.Ordinal))
        {
            throw new ClusterException(
                found is null ? ErrorCode.NotFound : ErrorCode.Conflict,
                found is null
                    ? $"The Docker Engine {destination.Address} does not know the volume '{volume}'. Install the plugin host there, "
                        + $"for the same cluster, under the name that it has at {source.Address}."
                    : $"The volume '{volume}' at {destination.Address} is one of the driver '{found.Driver}'. "
                        + "Remove or rename it there first.");
        }
    }

    private bool IsOurs(ContainerMount mount) =>
        Same(mount.Type, VolumeType) && mount.Driver is { } driver && options.Drivers.Contains(driver, StringComparer.Ordinal);

    private static ClusterException Refused(string message) => new(ErrorCode.Refused, message);
}
