using HedvigStorage.Docker;

namespace HedvigStorage.Tests.Fakes;

/// <summary>A Docker Engine in memory: images that set something, and containers that inherit it.</summary>
internal sealed class FakeDockerEngine : IDockerEngine
{
    public Uri Address { get; init; } = new("unix:///fake.sock");

    /// <summary>
    /// Gets or sets what is called before a container is made, started, stopped or removed, such as with <c>start db</c>; it may throw.
    /// </summary>
    public Action<string>? Doing { get; set; }

    /// <summary>Gets or sets what is called after it; it may throw, as when the answer is lost.</summary>
    public Action<string>? Done { get; set; }

    public Dictionary<string, Image> Images { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Container> Containers { get; } = new(StringComparer.Ordinal);

    public List<string> Changes { get; } = [];

    public bool Down { get; set; }

    public EngineVersion Version { get; set; } = new("28.2.2", "1.50", "linux");

    public Dictionary<string, EngineNetwork> Networks { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, EngineVolume> Volumes { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what each look at a started container with a health check finds; the last one stays.</summary>
    public List<string> HealthOfStarted { get; } = ["healthy"];

    /// <summary>Gets or sets what tells whether there is a volume of the plugin; without it there is any.</summary>
    public Func<string, bool>? HasVolume { get; set; }

    /// <summary>Gets the names of containers that end as soon as they are started.</summary>
    public HashSet<string> Ending { get; } = new(StringComparer.Ordinal);

    private readonly Dictionary<string, int> _looks = new(StringComparer.Ordinal);

    public Task<EngineVersion> GetVersionAsync(CancellationToken cancellationToken) => Down
        ? throw new ClusterException(ErrorCode.Unreachable, "No Docker Engine answers.")
        : Task.FromResult(Version);

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(
        IReadOnlyCollection<string>? labels, string? volume, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ContainerSummary>>([.. Containers.Values.Select(container => new ContainerSummary
        {
            Id = container.Id,
            Name = container.Name,
            Image = container.Specification.Image,
            State = container.State,
            Labels = container.Specification.Labels,
            Volumes = [.. container.Specification.Mounts.Where(mount => mount.Type == "volume").Select(mount => mount.Source)],
            VolumeDrivers =
                [.. container.Specification.Mounts.Where(mount => mount.Type == "volume").Select(mount => mount.Driver ?? "local")],
        })]);

    /// <summary>Gets or sets what is mounted where something is asked for.</summary>
    public Func<ContainerMount, ContainerMount> Mounting { get; set; } = mount => mount;

    public Task<Container?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        if (Containers.GetValueOrDefault(nameOrId) is not { State: "running", Specification.Health: { } health } container
            || health.Test is ["NONE"])
        {
            return Task.FromResult(Containers.GetValueOrDefault(nameOrId));
        }

        var look = _looks.GetValueOrDefault(nameOrId);
        _looks[nameOrId] = look + 1;
        return Task.FromResult<Container?>(
            container with
            {
                Health = new ContainerHealth(HealthOfStarted[Math.Min(look, HealthOfStarted.Count - 1)], "no answer from the database"),
            });
    }

    public Task<string> CreateContainerAsync(string name, ContainerSpecification specification, CancellationToken cancellationToken)
    {
        Doing?.Invoke($"create {name}");
        var image = Find(specification.Image)
            ?? throw new ClusterException(ErrorCode.NotFound, $"Docker: No such image: {specification.Image}.");
        var id = Guid.NewGuid().ToString("N");
        Containers.Add(name, new Container
        {
            Id = id,
            Name = name,
            ImageId = image.Id,
            State = "created",
            Mounted = [.. specification.Mounts.Select(mount => Mounting(mount))],
            Specification = specification with
            {
                Command = specification.Command ?? image.Command,
                EntryPoint = specification.EntryPoint ?? image.EntryPoint,
                User = specification.User ?? image.User,
                Environment = Merge(image.Environment, specification.Environment),
                Labels = Merge(image.Labels, specification.Labels),
                NetworkMode = specification.NetworkMode ?? "default",
                Health = specification.Health ?? image.Health,
                StopTimeout = specification.StopTimeout ?? image.StopTimeout,
                HostName = specification.HostName ?? id[..12],
            },
            Networks = Networks.Values.Where(network => network.Name == specification.NetworkMode)
                .ToDictionary(network => network.Name, network => network.Id, StringComparer.Ordinal),
        });
        Changes.Add($"create {name}");
        Done?.Invoke($"create {name}");
        return Task.FromResult(Containers[name].Id);
    }

    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        _looks[nameOrId] = 0;
        if (HasVolume is not null
            && Containers.GetValueOrDefault(nameOrId)?.Specification.Mounts.FirstOrDefault(
                mount => mount.Driver == "hedvig" && !HasVolume(mount.Source)) is { } missing)
        {
            throw new ClusterException(ErrorCode.NotFound, $"Docker: The volume '{missing.Source}' couldn't be found");
        }

        return SetStateAsync("start", nameOrId, Ending.Contains(nameOrId) ? "exited" : "running");
    }

    public Task UnpauseContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        SetStateAsync("unpause", nameOrId, "running");

    public Task StopContainerAsync(string nameOrId, TimeSpan? timeout, CancellationToken cancellationToken) =>
        SetStateAsync("stop", nameOrId, "exited");

    public Task RenameContainerAsync(string nameOrId, string newName, CancellationToken cancellationToken)
    {
        Containers.Add(newName, Containers[nameOrId] with { Name = newName });
        _ = Containers.Remove(nameOrId);
        Changes.Add($"rename {nameOrId} {newName}");
        return Task.CompletedTask;
    }

    public Task UpdateRestartPolicyAsync(string nameOrId, RestartPolicy restart, CancellationToken cancellationToken)
    {
        Containers[nameOrId] = Containers[nameOrId] with { Specification = Containers[nameOrId].Specification with { Restart = restart } };
        Changes.Add($"restart policy {nameOrId}");
        return Task.CompletedTask;
    }

    public Task RemoveContainerAsync(string nameOrId, bool force, CancellationToken cancellationToken)
    {
        Doing?.Invoke($"remove {nameOrId}");
        if (Containers.Remove(nameOrId))
        {
            Changes.Add($"remove {nameOrId}");
        }

        Done?.Invoke($"remove {nameOrId}");
        return Task.CompletedTask;
    }

    public Task<int> WaitContainerAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetContainerLogsAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Gets the owners of folders, as <c>container:path</c>; others are not told.</summary>
    public Dictionary<string, FolderOwner> Owners { get; } = new(StringComparer.Ordinal);

    public Task<FolderOwner?> FindFolderOwnerAsync(string nameOrId, string path, CancellationToken cancellationToken) =>
        Task.FromResult(Owners.GetValueOrDefault($"{nameOrId}:{path}"));

    public Task SetFolderOwnerAsync(string nameOrId, string path, FolderOwner owner, CancellationToken cancellationToken)
    {
        Owners[$"{nameOrId}:{path}"] = owner;
        Changes.Add($"own {nameOrId} {path}");
        return Task.CompletedTask;
    }

    public Task<Image?> FindImageAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(Find(reference));

    // Images that say nothing of it run something all the same.
    private Image? Find(string reference) =>
        Images.GetValueOrDefault(reference) is { } image
            ? image with { Command = image.Command ?? (image.EntryPoint is null ? ["run"] : null) }
            : null;

    public Task PullImageAsync(string reference, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Images[reference] = new Image { Id = $"sha256:{reference}" };
        Changes.Add($"pull {reference}");
        return Task.CompletedTask;
    }

    public Task ImportImageAsync(string reference, Stream archive, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<EngineVolume>> ListVolumesAsync(string? driver, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EngineVolume>>([.. Volumes.Values.Where(volume => driver is null || volume.Driver == driver)]);

    public Task<EngineVolume> CreateVolumeAsync(
        string name,
        string driver,
        IReadOnlyDictionary<string, string> options,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken)
    {
        Volumes.Add(name, new EngineVolume { Name = name, Driver = driver, Options = options, Labels = labels });
        Changes.Add($"create volume {name}");
        return Task.FromResult(Volumes[name]);
    }

    public Task<EngineVolume?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Volumes.GetValueOrDefault(name));

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken)
    {
        _ = Volumes.Remove(name);
        Changes.Add($"remove volume {name}");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<EngineNetwork>> ListNetworksAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EngineNetwork>>([.. Networks.Values]);

    public Task<EngineNetwork?> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        Task.FromResult(Networks.Values.FirstOrDefault(network => network.Name == nameOrId || network.Id == nameOrId) is { } found
            ? found with { Containers = [.. Containers.Values.Where(container => container.State == "running" && container.Networks.Values.Contains(found.Id)).Select(container => container.Name)] }
            : null);

    public Task<string> CreateNetworkAsync(NetworkSpecification specification, CancellationToken cancellationToken)
    {
        Networks.Add(
            specification.Name,
            new EngineNetwork
            {
                Id = Guid.NewGuid().ToString("N"),
                Name = specification.Name,
                Driver = specification.Driver ?? "bridge",
                Internal = specification.Internal,
                Labels = specification.Labels,
            });
        Changes.Add($"create network {specification.Name}");
        return Task.FromResult(Networks[specification.Name].Id);
    }

    public async Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var network = (await FindNetworkAsync(nameOrId, cancellationToken))!;
        if (network.Containers.Count > 0)
        {
            throw new ClusterException(ErrorCode.Busy, $"network {network.Name} has active endpoints");
        }

        _ = Networks.Remove(network.Name);
        Changes.Add($"remove network {network.Name}");
    }

    public void Dispose()
    {
    }

    /// <summary>Names the running container that mounts a volume of the plugin, if there is one.</summary>
    public string? UserOf(string volume) =>
        Containers.Values.FirstOrDefault(
            container =>
                container.State == "running"
                    && container.Specification.Mounts.Any(mount => mount.Driver == "hedvig" && mount.Source == volume))?.Name;

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above)
    {
        var merged = below.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in above)
        {
            merged[name] = value;
        }

        return merged;
    }

    private Task SetStateAsync(string verb, string name, string state)
    {
        Doing?.Invoke($"{verb} {name}");
        Containers[name] =
            (Containers.GetValueOrDefault(name) ?? throw new ClusterException(
                ErrorCode.NotFound, $"Docker: No such container: {name}.")) with { State = state };
        Changes.Add($"{verb} {name}");
        Done?.Invoke($"{verb} {name}");
        return Task.CompletedTask;
    }
}
