using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Docker;

namespace HedvigStorage.Tests.Fakes;

/// <summary>A Docker Engine in memory: images that set something, and containers that inherit it.</summary>
internal sealed class FakeDockerEngine : IDockerEngine
{
    public Uri Address { get; } = new("unix:///fake.sock");

    public Dictionary<string, Image> Images { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Container> Containers { get; } = new(StringComparer.Ordinal);

    public List<string> Changes { get; } = [];

    public bool Down { get; set; }

    public Task<EngineVersion> GetVersionAsync(CancellationToken cancellationToken) => Down
        ? throw new ClusterException(ErrorCode.Unreachable, "No Docker Engine answers.")
        : Task.FromResult(new EngineVersion("28.2.2", "1.50", "linux"));

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyCollection<string>? labels, string? volume, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Container?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken) => Task.FromResult(Containers.GetValueOrDefault(nameOrId));

    public Task<string> CreateContainerAsync(string name, ContainerSpecification specification, CancellationToken cancellationToken)
    {
        var image = Images[specification.Image];
        Containers.Add(name, new Container
        {
            Id = Guid.NewGuid().ToString("N"),
            Name = name,
            ImageId = image.Id,
            State = "created",
            Specification = specification with
            {
                Command = specification.Command ?? image.Command,
                EntryPoint = specification.EntryPoint ?? image.EntryPoint,
                User = specification.User ?? image.User,
                Environment = Merge(image.Environment, specification.Environment),
                Labels = Merge(image.Labels, specification.Labels),
                NetworkMode = specification.NetworkMode ?? "default",
            },
        });
        Changes.Add($"create {name}");
        return Task.FromResult(Containers[name].Id);
    }

    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken) => SetStateAsync("start", nameOrId, "running");

    public Task StopContainerAsync(string nameOrId, TimeSpan? timeout, CancellationToken cancellationToken) => SetStateAsync("stop", nameOrId, "exited");

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
        if (Containers.Remove(nameOrId))
        {
            Changes.Add($"remove {nameOrId}");
        }

        return Task.CompletedTask;
    }

    public Task<int> WaitContainerAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetContainerLogsAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Image?> FindImageAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(Images.GetValueOrDefault(reference));

    public Task PullImageAsync(string reference, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Images[reference] = new Image { Id = $"sha256:{reference}" };
        Changes.Add($"pull {reference}");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<EngineVolume>> ListVolumesAsync(string? driver, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EngineVolume> CreateVolumeAsync(string name, string driver, IReadOnlyDictionary<string, string> options, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EngineVolume?> FindVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose()
    {
    }

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
        Containers[name] = Containers[name] with { State = state };
        Changes.Add($"{verb} {name}");
        return Task.CompletedTask;
    }
}
