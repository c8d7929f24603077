using HedvigStorage.Docker;
using HedvigStorage.Moving;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

/// <summary>
/// Two engines of one cluster, each with a plugin host that takes the lease of a volume with its first container that runs and gives it
/// back with the last.
/// </summary>
internal sealed class MoveSite
{
    public MoveSite(params string[] volumes)
    {
        Cluster.AliveHosts.UnionWith(["first", "second"]);
        foreach (var (engine, host) in new[] { (Source, "first"), (Destination, "second") })
        {
            engine.Images["app:1"] = new Image
            {
                Id = "sha256:one",
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/bin" },
            };
            engine.Doing = action => Guard(engine, host, action);
            engine.Done = action => Follow(engine, host, action);
        }

        foreach (var volume in volumes)
        {
            AddVolume(volume);
        }
    }

    public FakeCluster Cluster { get; } = new();

    public FakeDockerEngine Source { get; } = new() { Address = new Uri("unix:///first.sock") };

    public FakeDockerEngine Destination { get; } = new() { Address = new Uri("unix:///second.sock") };

    public List<string> Trace { get; } = [];

    public List<string> Progress { get; } = [];

    /// <summary>Gets or sets what is called with each action before it is done.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Gets or sets what is called with each action after it was done.</summary>
    public Action<string>? After { get; set; }

    public VolumeMoveOptions Options { get; set; } = new() { Limit = TimeSpan.Zero };

    /// <summary>Gets or sets whether the plugin host of the source keeps its leases, as one that hangs would.</summary>
    public bool SourceKeepsLeases { get; set; }

    public void AddVolume(string name)
    {
        Cluster.Volumes[name] = new Volume { Name = name, Size = new ByteSize(1 << 20) };
        Source.Volumes[name] = Destination.Volumes[name] = new EngineVolume { Name = name, Driver = "hedvig" };
    }

    public async Task AddContainerAsync(
        string name, string volume, bool run = true, Func<ContainerSpecification, ContainerSpecification>? with = null)
    {
        var specification = new ContainerSpecification
        {
            Image = "app:1",
            Mounts = [new ContainerMount { Source = volume, Target = "/data", Driver = "hedvig" }],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["COLOR"] = "blue" },
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["io.hedvigstorage.managed"] = "true" },
        };
        _ = await Source.CreateContainerAsync(name, with?.Invoke(specification) ?? specification, CancellationToken.None);
        Source.Containers[name] = Source.Containers[name] with { CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(Source.Containers.Count) };
        if (run)
        {
            await Source.StartContainerAsync(name, CancellationToken.None);
        }

        Trace.Clear();
    }

    public Task<VolumeMove> PlanAsync(string volume = "data") =>
        VolumeMove.PlanAsync(Cluster, Source, Destination, volume, Options, CancellationToken.None);

    public async Task MoveAsync(string volume = "data", CancellationToken cancellationToken = default) =>
        await (await PlanAsync(volume)).RunAsync(Progress.Add, cancellationToken);

    public static string[] Running(FakeDockerEngine engine) =>
        [.. engine.Containers.Values.Where(
            container => container.State == "running").Select(container => container.Name).Order(StringComparer.Ordinal)];

    private void Guard(FakeDockerEngine engine, string host, string action)
    {
        Before?.Invoke($"{host}: {action}");
        if (action.StartsWith("start ", StringComparison.Ordinal))
        {
            foreach (var volume in VolumesOf(engine, action[6..]))
            {
                if (Cluster.Volumes[volume].Attachment is { } lease && lease.Host != host)
                {
                    throw new ClusterException(ErrorCode.Busy, $"The volume '{volume}' is attached to the host '{lease.Host}'.");
                }
            }
        }
    }

    private void Follow(FakeDockerEngine engine, string host, string action)
    {
        Trace.Add($"{host}: {action}");
        Assert.Empty(Running(Source).Intersect(Running(Destination), StringComparer.Ordinal));
        foreach (var volume in Cluster.Volumes.Keys.ToArray())
        {
            var used = Running(engine).Any(name => VolumesOf(engine, name).Contains(volume, StringComparer.Ordinal));
            var lease = Cluster.Volumes[volume].Attachment;
            if (used && lease is null)
            {
                Cluster.Volumes[volume] = Cluster.Volumes[volume] with { Attachment = new Attachment { Volume = volume, Host = host } };
            }
            else if (!used && lease?.Host == host && !(SourceKeepsLeases && engine == Source)
                && action.StartsWith("stop ", StringComparison.Ordinal))
            {
                Cluster.Volumes[volume] = Cluster.Volumes[volume] with { Attachment = null };
            }
        }

        After?.Invoke($"{host}: {action}");
    }

    private static IEnumerable<string> VolumesOf(FakeDockerEngine engine, string container) =>
        engine.Containers.GetValueOrDefault(container)?.Specification.Mounts.Where(mount => mount.Driver == "hedvig")
            .Select(mount => mount.Source) ?? [];
}
