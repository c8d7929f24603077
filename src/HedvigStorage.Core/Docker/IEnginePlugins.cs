namespace HedvigStorage.Docker;

/// <summary>
/// The Docker Engine API's calls about managed plugins that this product needs, cut as <see cref="IDockerEngine"/> is.
/// All throw <see cref="ClusterException"/>, and nothing else but <see cref="OperationCanceledException"/>.
/// </summary>
public interface IEnginePlugins
{
    /// <summary>
    /// Finds a managed plugin by name, id or the beginning of its id; <see langword="null"/> only if the engine says that there is none.
    /// </summary>
    Task<EnginePlugin?> FindPluginAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Makes a managed plugin, disabled. A name in use is a <see cref="ErrorCode.Conflict"/>.</summary>
    /// <param name="name">Its name; without a tag it is <c>latest</c>.</param>
    /// <param name="archive">A tar archive of <c>config.json</c> and the folder <c>rootfs</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task CreatePluginAsync(string name, Stream archive, CancellationToken cancellationToken);

    /// <summary>Starts a plugin that is disabled. When it returns, the plugin listens.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="timeout">How long the engine waits for each answer of the plugin until the engine itself is restarted; whole
    /// seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task EnablePluginAsync(string name, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>
    /// Stops a plugin that is enabled. One that the engine knows volumes of is <see cref="ErrorCode.Busy"/> unless it is forced.
    /// </summary>
    Task DisablePluginAsync(string name, bool force, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a plugin that is disabled; one that is gone succeeds. One that the engine knows volumes of is <see cref="ErrorCode.Busy"/>
    /// unless it is forced.
    /// </summary>
    Task RemovePluginAsync(string name, bool force, CancellationToken cancellationToken);
}

/// <summary>A managed plugin as the engine knows it.</summary>
public sealed record EnginePlugin
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name, without the tag <c>latest</c>, which the engine adds.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it is enabled.</summary>
    public bool Enabled { get; init; }

    /// <summary>Gets the program and its first arguments.</summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    /// <summary>Gets the arguments that follow.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Gets the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the folders and files of the engine's machine that it is given.</summary>
    public IReadOnlyList<EnginePluginMount> Mounts { get; init; } = [];

    /// <summary>Gets the capabilities that it has, such as <c>CAP_SYS_ADMIN</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Gets the name of its socket's file.</summary>
    public string Socket { get; init; } = string.Empty;
}

/// <summary>A folder or file of the engine's machine that a managed plugin is given.</summary>
/// <param name="Name">The name that a setting of it goes by.</param>
/// <param name="Source">The path on the engine's machine.</param>
/// <param name="Destination">The path in the plugin.</param>
public sealed record EnginePluginMount(string Name, string Source, string Destination);
