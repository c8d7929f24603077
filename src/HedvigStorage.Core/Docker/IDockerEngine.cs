namespace HedvigStorage.Docker;

/// <summary>
/// The calls of the Docker Engine API that this product needs, cut so that any client library can stand behind them.
/// All throw <see cref="ClusterException"/>, and nothing else but <see cref="OperationCanceledException"/>.
/// </summary>
public interface IDockerEngine : IDisposable
{
    /// <summary>Gets the engine's address, such as <c>unix:///var/run/docker.sock</c>.</summary>
    Uri Address { get; }

    /// <summary>
    /// Asks for version, platform and root directory; fails with <see cref="ErrorCode.Unreachable"/> if no engine answers.
    /// </summary>
    Task<EngineVersion> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>Lists containers, stopped ones too.</summary>
    /// <param name="labels">Labels that they must have, as <c>name</c> or <c>name=value</c>; <see langword="null"/> is any.</param>
    /// <param name="volume">A volume that they must mount; <see langword="null"/> is any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(
        IReadOnlyCollection<string>? labels, string? volume, CancellationToken cancellationToken);

    /// <summary>Finds a container by name or id; <see langword="null"/> only if the engine says that there is none.</summary>
    Task<Container?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Makes a container, stopped, and returns its id. A name in use is a <see cref="ErrorCode.Conflict"/>.</summary>
    Task<string> CreateContainerAsync(string name, ContainerSpecification specification, CancellationToken cancellationToken);

    /// <summary>Starts a container; one that runs succeeds.</summary>
    Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Lets a container that is paused go on.</summary>
    Task UnpauseContainerAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Stops a container; one that is stopped succeeds.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="timeout">How long it may take to end before it is killed; <see langword="null"/> is the container's own.</param>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    Task StopContainerAsync(string nameOrId, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>Gives a container another name.</summary>
    Task RenameContainerAsync(string nameOrId, string newName, CancellationToken cancellationToken);

    /// <summary>Changes the restart policy in place.</summary>
    Task UpdateRestartPolicyAsync(string nameOrId, RestartPolicy restart, CancellationToken cancellationToken);

    /// <summary>Removes a container, never a named volume; one that is gone succeeds.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="force">Whether to kill it if it runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task RemoveContainerAsync(string nameOrId, bool force, CancellationToken cancellationToken);

    /// <summary>Waits until a container has ended and returns its exit status.</summary>
    Task<int> WaitContainerAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Reads what a container has written so far, both streams in order.</summary>
    Task<string> GetContainerLogsAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>
    /// Finds whose a folder in a container is; <see langword="null"/> if the container or the path does not exist, or the path is not a
    /// folder. In a container that does not run its volumes are mounted for as long as it takes.
    /// </summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="path">The absolute path in it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FolderOwner?> FindFolderOwnerAsync(string nameOrId, string path, CancellationToken cancellationToken);

    /// <summary>Gives a folder in a container another owner and mode; what is in it stays as it is.</summary>
    /// <param name="nameOrId">The container; in one that does not run its volumes are mounted for as long as it takes.</param>
    /// <param name="path">The absolute path in it, which is there and is not <c>/</c>.</param>
    /// <param name="owner">What it gets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SetFolderOwnerAsync(string nameOrId, string path, FolderOwner owner, CancellationToken cancellationToken);

    /// <summary>Finds an image by name, tag, digest or id; <see langword="null"/> only if the engine says that there is none.</summary>
    Task<Image?> FindImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Pulls an image from its registry.</summary>
    /// <param name="reference">Name with tag or digest; without either it is <c>latest</c>.</param>
    /// <param name="progress">Takes lines for people; <see langword="null"/> is nobody.</param>
    /// <param name="cancellationToken">Ends the pull.</param>
    Task PullImageAsync(string reference, IProgress<string>? progress, CancellationToken cancellationToken);

    /// <summary>Makes an image of the files in an archive; an image of that name gives the name up.</summary>
    /// <param name="reference">Name with tag.</param>
    /// <param name="archive">A tar archive of its root folder.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ImportImageAsync(string reference, Stream archive, CancellationToken cancellationToken);

    /// <summary>Lists the engine's volumes of one driver, or of all.</summary>
    Task<IReadOnlyList<EngineVolume>> ListVolumesAsync(string? driver, CancellationToken cancellationToken);

    /// <summary>Makes a volume through a driver. Where one of that name is there, Docker returns it whatever its options.</summary>
    Task<EngineVolume> CreateVolumeAsync(
        string name,
        string driver,
        IReadOnlyDictionary<string, string> options,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken);

    /// <summary>Finds a volume; <see langword="null"/> only if the engine says that there is none.</summary>
    Task<EngineVolume?> FindVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes a volume; one that is gone succeeds, one in use is <see cref="ErrorCode.Busy"/>.</summary>
    Task RemoveVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists networks, those that every engine has too.</summary>
    Task<IReadOnlyList<EngineNetwork>> ListNetworksAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Finds a network by name or id, with the containers that are connected to it; <see langword="null"/> only if the engine says that
    /// there is none.
    /// </summary>
    Task<EngineNetwork?> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Makes a network and returns its id. A name in use is a <see cref="ErrorCode.Conflict"/>.</summary>
    Task<string> CreateNetworkAsync(NetworkSpecification specification, CancellationToken cancellationToken);

    /// <summary>Removes a network; one that is gone succeeds, one with running containers is <see cref="ErrorCode.Busy"/>.</summary>
    Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken);
}
