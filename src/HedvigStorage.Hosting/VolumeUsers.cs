using HedvigStorage.Client.Docker;
using HedvigStorage.Docker;

namespace HedvigStorage.Hosting;

/// <summary>Tells which containers use the volumes of a driver now, so that a refusal can name them.</summary>
internal sealed class VolumeUsers
{
    // A container in one of these states has nothing mounted.
    private static readonly string[] Resting = ["created", "exited", "dead"];

    private readonly ILookup<string, string> _containers;

    private VolumeUsers(ILookup<string, string> containers) => _containers = containers;

    /// <summary>Gets the volumes that containers use.</summary>
    public IEnumerable<string> Volumes => _containers.Select(volume => volume.Key);

    /// <summary>Asks an engine.</summary>
    public static async Task<VolumeUsers> FindAsync(IDockerEngine engine, string driver, CancellationToken cancellationToken)
    {
        var containers = await engine.ListContainersAsync(labels: null, volume: null, cancellationToken).ConfigureAwait(false);
        return new VolumeUsers(
            (from container in containers
             where !Resting.Contains(container.State, StringComparer.Ordinal)
             from volume in container.Volumes.Zip(container.VolumeDrivers, (name, volumeDriver) => (Name: name, Driver: volumeDriver))
             where string.Equals(volume.Driver, driver, StringComparison.Ordinal)
             select (volume.Name, Container: container.Name)).ToLookup(use => use.Name, use => use.Container, StringComparer.Ordinal));
    }

    /// <summary>
    /// Asks the engine at an address. A mounted volume is reason enough to refuse: the engine only tells more of it, if it answers.
    /// </summary>
    public static async Task<VolumeUsers> TryFindAsync(string? engineAddress, string driver, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = new DockerEngineClient(engineAddress);
            return await FindAsync(engine, driver, cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException)
        {
            return new VolumeUsers(Array.Empty<string>().ToLookup(_ => string.Empty, StringComparer.Ordinal));
        }
    }

    /// <summary>Refuses what cannot be done while volumes are mounted.</summary>
    /// <param name="what">What cannot be done, as the beginning of a sentence.</param>
    /// <param name="mounted">The volumes that are known to be mounted besides those of the containers.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: there are such volumes; it names them and their
    /// containers.</exception>
    public void Refuse(string what, IEnumerable<string> mounted)
    {
        var volumes = mounted.Concat(Volumes).Distinct(StringComparer.Ordinal).OrderBy(volume => volume, StringComparer.Ordinal).ToArray();
        if (volumes.Length > 0)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"{what} while volumes are mounted: {string.Join(", ", volumes.Select(Describe))}. Stop the containers that use them.");
        }
    }

    private string Describe(string volume) => _containers[volume].Distinct(StringComparer.Ordinal).ToArray() switch
    {
        { Length: 0 } => volume,
        { Length: 1 } users => $"{volume} (by the container {users[0]})",
        var users => $"{volume} (by the containers {string.Join(", ", users)})",
    };
}
