using HedvigStorage.Docker;

namespace HedvigStorage.Completers;

/// <summary>Completes names of containers.</summary>
internal sealed class ContainerCompleter : DockerNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(IDockerEngine engine, CancellationToken cancellationToken)
    {
        var containers = await engine.ListContainersAsync(labels: null, volume: null, cancellationToken).ConfigureAwait(false);
        return containers.Select(container => new Candidate(container.Name, $"{container.Image}, {container.State}")).ToArray();
    }
}
