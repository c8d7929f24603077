using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Describes the plugin host and what uses it: containers that mount its volumes or that this product made, with their networks and other
/// volumes.
/// </summary>
internal static class DockerExporter
{
    /// <summary>Describes what is there. Nothing is changed.</summary>
    /// <param name="targets">What to describe.</param>
    /// <param name="options">What to describe of it.</param>
    /// <param name="omissions">Takes what no document can say.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">No engine was named, or it does not answer.</exception>
    public static async Task<DockerConfiguration> ExportAsync(
        PlanTargets targets, ExportOptions options, ICollection<string> omissions, CancellationToken cancellationToken)
    {
        var engine = targets.Docker ?? throw new ClusterException(ErrorCode.Unreachable, "No Docker Engine was named.");
        var listed = await engine.ListContainersAsync(labels: null, volume: null, cancellationToken).ConfigureAwait(false);
        var hosts = await OwnDrivers.FindAsync(targets, listed, cancellationToken).ConfigureAwait(false);
        var described = new DockerConfiguration { Plugin = hosts.Plugin };
        var containers = new List<ConfiguredContainer>();
        var volumes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var summary in listed.Where(container => IsWanted(container, hosts, options)).OrderBy(
            container => container.Name, StringComparer.Ordinal))
        {
            // It may have gone meanwhile.
            if (await engine.FindContainerAsync(summary.Name, cancellationToken).ConfigureAwait(false) is not { } actual)
            {
                continue;
            }

            var image = await engine.FindImageAsync(actual.Specification.Image, cancellationToken).ConfigureAwait(false)
                ?? await engine.FindImageAsync(actual.ImageId, cancellationToken).ConfigureAwait(false);
            var container = Describe(actual, image, listed, options);
            if (WhyUnreadable(container) is { } reason)
            {
                omissions.Add($"The container '{actual.Name}' is left out: {reason}");
                continue;
            }

            containers.Add(container);
            AddOmissions(actual, omissions);
            volumes.UnionWith(
                actual.Specification.Mounts.Where(mount => ContainerMounts.IsDescribed(mount) && IsVolume(mount) && !Same(
                    mount.Driver, described.DriverName)).Select(mount => mount.Source));
        }

        return described with
        {
            Networks = await FindNetworksAsync(engine, containers, options, cancellationToken).ConfigureAwait(false),
            Volumes = volumes.Count == 0 ? [] : await FindVolumesAsync(engine, volumes, options, cancellationToken).ConfigureAwait(false),
            Containers = containers,
        };
    }

    private static void AddOmissions(Container actual, ICollection<string> omissions)
    {
        var lost = ContainerLosses.Others(actual).ToArray();
        if (lost.Length > 0)
        {
            omissions.Add($"Of the container '{actual.Name}' no document can say: {string.Join(", ", lost)}.");
        }

        if (actual.AnonymousVolumes.Count > 0)
        {
            omissions.Add(
                $"The container '{actual.Name}' has {actual.AnonymousVolumes.Count} volumes without a name, which no document names.");
        }
    }

    // One that never ran may have been made with what no document takes; all the others must not be unreadable for it.
    private static string? WhyUnreadable(ConfiguredContainer container)
    {
        try
        {
            var alone = container with { DependsOn = [] };
            _ = ConfigurationReader.Read(
                ConfigurationWriter.Write(
                    new Configuration { Source = container.Name, Docker = new DockerConfiguration { Containers = [alone] } }),
                container.Name);
            return null;
        }
        catch (ConfigurationException exception)
        {
            return string.Join(" ", exception.Errors);
        }
    }

    // What another document has made is described there.
    private static bool IsOfAnother(IReadOnlyDictionary<string, string> labels, ExportOptions options) =>
        options.Name is not null && ObjectLabels.OwnerOf(labels) is { } owner && !Same(owner, options.Name);

    private static bool IsWanted(ContainerSummary container, OwnDrivers hosts, ExportOptions options) =>
        !ContainerName.IsNext(container.Name)
        && ObjectName.IsValid(container.Name)
        && !IsOfAnother(container.Labels, options)
        && (container.Labels.ContainsKey(DockerLabels.Managed) || container.VolumeDrivers.Any(hosts.Contains));

    private static ConfiguredContainer Describe(
        Container actual, Image? image, IReadOnlyList<ContainerSummary> listed, ExportOptions options)
    {
        var recipe = ContainerRecipe.Of(actual, image);
        var mounts = recipe.Mounts.Where(ContainerMounts.IsDescribed).ToArray();
        var labels = DockerLabels.Others(recipe.Labels);
        return new ConfiguredContainer
        {
            Name = actual.Name,
            Image = recipe.Image,
            State = actual.State is "running" or "restarting" or "paused" ? ContainerState.Running : ContainerState.Stopped,
            Command = recipe.Command,
            EntryPoint = recipe.EntryPoint,
            User = recipe.User,
            WorkingDirectory = recipe.WorkingDirectory,
            HostName = recipe.HostName,
            Environment = options.Environment && recipe.Environment.Count > 0
                ? recipe.Environment.ToDictionary(
                    pair => pair.Key, pair => new EnvironmentValue { Text = pair.Value }, StringComparer.Ordinal)
                : null,
            Mounts = mounts.Length > 0 ? mounts : null,
            Ports = recipe.Ports.Count > 0 ? recipe.Ports : null,
            Restart = recipe.Restart == RestartPolicy.No ? null : recipe.Restart,
            Labels = labels.Count > 0 ? labels : null,
            Network = NetworkOf(recipe, listed),
            Health = recipe.Health,
            StopTimeout = recipe.StopTimeout,
            Settings = recipe.Settings,
        };
    }

    private static string? NetworkOf(ContainerSpecification specification, IReadOnlyList<ContainerSummary> listed)
    {
        const string Shared = "container:";
        return specification.NetworkMode is not { } mode || mode is "default" or "bridge" ? null
            : mode.StartsWith(Shared, StringComparison.Ordinal)
            && listed.FirstOrDefault(container => Same(container.Id, mode.Substring(Shared.Length))) is { } other
                ? Shared + other.Name
            : mode;
    }

    private static async Task<IReadOnlyList<ConfiguredNetwork>> FindNetworksAsync(
        IDockerEngine engine, List<ConfiguredContainer> containers, ExportOptions options, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(
            containers.Select(container => container.Network).Where(ConfiguredNetwork.IsMade)!, StringComparer.Ordinal);
        if (names.Count == 0)
        {
            return [];
        }

        var networks = await engine.ListNetworksAsync(cancellationToken).ConfigureAwait(false);
        return networks
            .Where(network => names.Contains(network.Name) && !IsOfAnother(network.Labels, options))
            .OrderBy(network => network.Name, StringComparer.Ordinal)
            .Select(
                network =>
                    new ConfiguredNetwork
                    {
                        Name = network.Name,
                        Driver = network.Driver,
                        Internal = network.Internal ? true : null,
                        Labels = OrNull(DockerLabels.Others(network.Labels)),
                    })
            .ToArray();
    }

    // A mount says no driver: that of the engine's volume tells it.
    private static async Task<IReadOnlyList<ConfiguredDockerVolume>> FindVolumesAsync(
        IDockerEngine engine, SortedSet<string> names, ExportOptions options, CancellationToken cancellationToken)
    {
        var volumes = await engine.ListVolumesAsync(driver: null, cancellationToken).ConfigureAwait(false);
        return volumes
            .Where(volume => names.Contains(volume.Name) && !IsOfAnother(volume.Labels, options))
            .OrderBy(volume => volume.Name, StringComparer.Ordinal)
            .Select(
                volume =>
                    new ConfiguredDockerVolume
                    {
                        Name = volume.Name,
                        Driver = volume.Driver,
                        Options = OrNull(volume.Options),
                        Labels = OrNull(DockerLabels.Others(volume.Labels)),
                    })
            .ToArray();
    }

    private static IReadOnlyDictionary<string, string>? OrNull(IReadOnlyDictionary<string, string> map) => map.Count == 0 ? null : map;

    private static bool IsVolume(ContainerMount mount) => Same(mount.Type, "volume");
}
