using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>Plans the Docker part: the plugin host, then networks and volumes of the engine, then images, then containers.</summary>
internal sealed class DockerPlanner
{
    private readonly PlanTargets _targets;

    public DockerPlanner(PlanTargets targets) => _targets = targets;

    /// <summary>Plans. A document that has lost its Docker part still knows what it has made, where an engine answers.</summary>
    public async Task<IReadOnlyList<PlanStep>> PlanAsync(
        Configuration configuration,
        Ownership ownership,
        PlanOptions options,
        List<PlanObject> orphans,
        List<string> omissions,
        CancellationToken cancellationToken)
    {
        if (configuration.Docker is null && (ownership.Document is null || _targets.Docker is null))
        {
            return [];
        }

        var docker = configuration.Docker ?? new DockerConfiguration { Optional = true };
        try
        {
            var engine = _targets.Docker ?? throw new ClusterException(ErrorCode.Unreachable, "No Docker Engine was named.");
            _ = await engine.GetVersionAsync(cancellationToken).ConfigureAwait(false);
            var run = new Run(engine, configuration, docker, ownership, _targets);
            await run.PlanAsync(options, cancellationToken).ConfigureAwait(false);
            run.AddOrphans(options, orphans);
            return run.Steps;
        }
        catch (ClusterException e) when (docker.Optional && e.Code is ErrorCode.Unreachable or ErrorCode.Unsupported)
        {
            if (configuration.Docker is not null)
            {
                omissions.Add($"The Docker part is left out, as the document allows: {e.Message}");
            }

            return [];
        }
    }

    private sealed class Run(
        IDockerEngine engine, Configuration configuration, DockerConfiguration docker, Ownership ownership, PlanTargets targets)
    {
        private readonly Dictionary<string, Image?> _images = new(StringComparer.Ordinal);
        private IReadOnlyList<ContainerSummary> _containers = [];

        // The names that somebody has given to containers of the document, by those that they have in it.
        private Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
        private Dictionary<string, EngineNetwork> _networks = new(StringComparer.Ordinal);
        private Dictionary<string, EngineVolume> _volumes = new(StringComparer.Ordinal);

        public List<PlanStep> Steps { get; } = [];

        public async Task PlanAsync(PlanOptions options, CancellationToken cancellationToken)
        {
            // A file or secret that is missing is told before anything else.
            var environments = await ResolveAsync(cancellationToken).ConfigureAwait(false);
            await ListAsync(options, cancellationToken).ConfigureAwait(false);
            CheckEngine(await engine.GetVersionAsync(cancellationToken).ConfigureAwait(false));
            _renamed = FindRenamed();
            if (docker.Plugin is { } plugin)
            {
                Steps.Add(await new PluginPlanner(targets, plugin).PlanAsync(cancellationToken).ConfigureAwait(false));
            }

            Steps.AddRange(
                await new NetworkPlanner(engine, docker, ownership, _networks, options.Prune ? OrphanedContainers().ToArray() : [])
                    .PlanAsync(cancellationToken).ConfigureAwait(false));
            Steps.AddRange(VolumePlanner().Plan());
            await PlanContainersAsync(environments, cancellationToken).ConfigureAwait(false);
        }

        public void AddOrphans(PlanOptions options, List<PlanObject> orphans)
        {
            foreach (var step in FindOrphans())
            {
                if (options.Prune)
                {
                    step.Needs = Consent.Remove;
                    Steps.Add(step);
                }
                else
                {
                    orphans.Add(new PlanObject(step.Kind, step.Name));
                }
            }
        }

        private IEnumerable<PlanStep> FindOrphans()
        {
            foreach (var name in OrphanedContainers())
            {
                var step = ContainerPlanner.Remove(
                    engine, name, OrphanPlanner.Reason + " Its named volumes are kept.", actual: null, stopFirst: []);
                step.Mounted = MountedBy(name);
                yield return step;
            }

            var networks = new HashSet<string>(NetworkPlanner.Names(docker), StringComparer.Ordinal);
            foreach (var network in _networks.Values.Where(network => ownership.Owns(network.Labels) && !networks.Contains(network.Name)))
            {
                yield return NetworkPlanner.Remove(engine, network, OrphanPlanner.Reason);
            }

            foreach (var volume in _volumes.Values.Where(
                volume => ownership.Owns(volume.Labels) && docker.Volumes.All(other => !Same(other.Name, volume.Name))))
            {
                yield return VolumePlanner().Remove(volume, OrphanPlanner.Reason);
            }
        }

        private IEnumerable<string> OrphanedContainers()
        {
            var described = new HashSet<string>(docker.Containers.Select(container => container.Name), StringComparer.Ordinal);
            return _containers
                .Where(
                    container =>
                        ownership.Owns(container.Labels) && !described.Contains(container.Name) && !_renamed.ContainsValue(container.Name)
                            && !docker.Containers.Any(other => ContainerName.IsNextOf(container.Name, other.Name)))
                .Select(container => container.Name);
        }

        private DockerVolumePlanner VolumePlanner() => new(engine, docker, ownership, _volumes, _containers);

        private async Task<Dictionary<string, IReadOnlyDictionary<string, string>?>> ResolveAsync(CancellationToken cancellationToken)
        {
            var resolver = new ContainerEnvironment(configuration.Source, targets.Secrets);
            var environments = new Dictionary<string, IReadOnlyDictionary<string, string>?>(StringComparer.Ordinal);
            foreach (var container in docker.Containers.Where(container => container.Ensure == Ensure.Present))
            {
                environments[container.Name] = await resolver.ResolveAsync(container, cancellationToken).ConfigureAwait(false);
            }

            resolver.ThrowIfWrong();
            return environments;
        }

        // One listing of each kind. That of volumes asks all drivers, and waits for one that does not answer: it is made only where it is
        // needed.
        private async Task ListAsync(PlanOptions options, CancellationToken cancellationToken)
        {
            _containers = await engine.ListContainersAsync(labels: null, volume: null, cancellationToken).ConfigureAwait(false);
            if (ownership.Document is not null || NetworkPlanner.Names(docker).Any())
            {
                var networks = await engine.ListNetworksAsync(cancellationToken).ConfigureAwait(false);
                _networks = networks.GroupBy(network => network.Name, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
            }

            if (ownership.Document is not null || docker.Volumes.Count > 0)
            {
                var everyDriver = docker.Volumes.Count > 0 || options.Prune;
                var volumes = await engine.ListVolumesAsync(everyDriver ? null : "local", cancellationToken).ConfigureAwait(false);
                _volumes = volumes.GroupBy(volume => volume.Name, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
            }
        }

        private async Task PlanContainersAsync(
            Dictionary<string, IReadOnlyDictionary<string, string>?> environments, CancellationToken cancellationToken)
        {
            var planned = new Dictionary<string, (ContainerFacts Facts, PlanStep Step)>(StringComparer.Ordinal);
            var errors = new List<string>();
            foreach (var (container, index) in docker.Containers.Select((container, index) => (container, index)))
            {
                var facts = await FindAsync(container, environments, cancellationToken).ConfigureAwait(false);
                var step = ContainerPlanner.Plan(engine, facts, ownership);
                step.Mounted = MountedBy(PresentName(container.Name));
                step.Connected = facts.Actual?.Networks.Keys.ToArray() ?? [];
                planned[container.Name] = (facts, step);
                if (step.Action is StepAction.Create or StepAction.Replace)
                {
                    await PlanPullsAsync(container, cancellationToken).ConfigureAwait(false);
                    errors.AddRange(ContainerImage.HasNothingToRun(facts)
                        ? [string.Format(CultureInfo.InvariantCulture, "$.docker.containers[{0}]: The image '{1}' sets no command, "
                            + "and neither does the container '{2}'. Give a 'command'.", index, container.Image, container.Name)]
                        : []);
                }

                Steps.Add(step);
            }

            if (errors.Count > 0)
            {
                throw new ConfigurationException(configuration.Source, errors);
            }

            foreach (var (facts, _) in planned.Values)
            {
                facts.StopFirst.AddRange(
                    ContainerOrder.DependentsOf(docker.Containers, facts.Desired.Name)
                        .Where(name => ContainerPlanner.Stops(planned[name].Facts.Desired, planned[name].Step)));
            }
        }

        private async Task<ContainerFacts> FindAsync(
            ConfiguredContainer container,
            Dictionary<string, IReadOnlyDictionary<string, string>?> environments,
            CancellationToken cancellationToken)
        {
            // The listing tells what is there; only of that the engine is asked for more.
            var present = PresentName(container.Name);
            var actual = _containers.Any(other => Same(other.Name, present))
                ? await engine.FindContainerAsync(present, cancellationToken).ConfigureAwait(false)
                : null;
            if (container.Ensure != Ensure.Present)
            {
                return new ContainerFacts(container) { Actual = actual };
            }

            var owners = new MountedOwners(engine, targets.Cluster, configuration.Volumes, docker.DriverName);
            var image = await FindImageAsync(container.Image, cancellationToken).ConfigureAwait(false);
            var network = container.Network is { } name && _networks.TryGetValue(name, out var found) ? found : null;
            return new ContainerFacts(container)
            {
                Actual = actual,
                Image = image,
                PresentImage = actual is null || Same(image?.Id, actual.ImageId)
                    ? image
                    : await engine.FindImageAsync(actual.ImageId, cancellationToken).ConfigureAwait(false),
                Environment = environments[container.Name],
                Owned = new OwnedMounts(targets.Cluster, docker.DriverName),
                Owners = owners,
                WrongOwners = actual is { State: "running" }
                    ? await owners.FindAsync(present, actual.Specification.Mounts, cancellationToken).ConfigureAwait(false)
                    : [],
                Network = network,
                NetworkIsRemade = Steps.Any(step => step is { Kind: ResourceKind.Network, Action: StepAction.Replace }
                    && (container.Network is null ? actual?.Networks.ContainsKey(step.Name) == true : Same(step.Name, container.Network))),
                SharedWith = SharedWith(actual),
            };
        }

        private string PresentName(string name) => _renamed.TryGetValue(name, out var present) ? present : name;

        // One that has another name only is given its own again: another container beside it would write the same volumes.
        private Dictionary<string, string> FindRenamed()
        {
            var orphans = OrphanedContainers().ToArray();
            return docker.Containers
                .Where(container => container.Ensure == Ensure.Present && !_containers.Any(other => Same(other.Name, container.Name)))
                .Select(
                    container =>
                        (
                            container.Name,
                            Candidates: _containers.Where(other => orphans.Contains(
                                other.Name, StringComparer.Ordinal) && ContainerDigest.IsOf(container, other.Labels)).ToArray()))
                .Where(missing => missing.Candidates.Length == 1)
                .GroupBy(missing => missing.Candidates[0].Name, StringComparer.Ordinal)
                .ToDictionary(found => found.First().Name, found => found.Key, StringComparer.Ordinal);
        }

        private string[] MountedBy(string name) => _containers.FirstOrDefault(container => Same(container.Name, name)) is { } found
            ? found.Volumes.Zip(found.VolumeDrivers, (volume, driver) => (volume, driver))
                .Where(mount => Same(mount.driver, docker.DriverName)).Select(mount => mount.volume).ToArray()
            : [];

        private string? SharedWith(Container? actual)
        {
            const string Prefix = "container:";
            if (actual?.Specification.NetworkMode is not { } mode || !mode.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return null;
            }

            var id = mode.Substring(Prefix.Length);
            return _containers.FirstOrDefault(container => Same(container.Id, id))?.Name ?? id;
        }

        private async Task PlanPullsAsync(ConfiguredContainer container, CancellationToken cancellationToken)
        {
            foreach (var reference in ContainerDependencies.ImagesOf(container))
            {
                if (await FindImageAsync(reference, cancellationToken).ConfigureAwait(false) is null
                    && !Steps.Any(other => other.Kind == ResourceKind.Image && ImageName.Same(other.Name, reference)))
                {
                    Steps.Add(PlanPull(reference));
                }
            }
        }

        private async Task<Image?> FindImageAsync(string reference, CancellationToken cancellationToken)
        {
            if (!_images.TryGetValue(reference, out var image))
            {
                _images[reference] = image = await engine.FindImageAsync(reference, cancellationToken).ConfigureAwait(false);
            }

            return image;
        }

        // What this engine would refuse, or mount otherwise without a word.
        private void CheckEngine(EngineVersion version)
        {
            var names = new HashSet<string>(
                docker.Containers.Where(container => container.Ensure == Ensure.Present).Select(container => container.Name)
                    .Concat(_containers.Select(container => container.Name)),
                StringComparer.Ordinal);
            var errors =
                docker.Containers.SelectMany((container, index) => container.Ensure != Ensure.Present ? [] : CheckEngine(
                    container, string.Format(CultureInfo.InvariantCulture, "$.docker.containers[{0}]", index), version, names)).ToArray();
            if (errors.Length > 0)
            {
                throw new ConfigurationException(configuration.Source, errors);
            }
        }

        private IEnumerable<string> CheckEngine(ConfiguredContainer container, string path, EngineVersion version, HashSet<string> names)
        {
            foreach (var (mount, index) in (container.Mounts ?? []).Select((mount, index) => (mount, index)))
            {
                if (MountSupport.WhyNot(version, mount) is { } reason)
                {
                    yield return string.Format(CultureInfo.InvariantCulture, "{0}.mounts[{1}]: {2}", path, index, reason);
                }
            }

            if (ContainerRules.SharesNetworkOf(container) is { } other && !names.Contains(other)
                && !_containers.Any(present => present.Id.StartsWith(other, StringComparison.Ordinal)))
            {
                yield return $"{path}.network: The container '{container.Name}' shares the network of '{other}', "
                    + "which is neither in the document nor in the Docker Engine.";
            }
        }

        private PlanStep PlanPull(string reference) => new(ResourceKind.Image, reference, StepAction.Create)
        {
            Reason = "The Docker Engine does not have it: it is pulled.",
            Execute = (context, cancellationToken) => engine.PullImageAsync(reference, new Progress(context.Report), cancellationToken),
        };
    }

    // Reports at once on the caller's thread: System.Progress would post each line to the thread pool, out of order.
    private sealed class Progress(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
