namespace HedvigStorage.Hosting;

/// <summary>
/// The <c>config.json</c> of a managed plugin, with just the members that are used. Source: the Docker documentation's "Plugin Config
/// Version 1".
/// </summary>
internal sealed record ManagedPluginConfiguration(
    string Description,
    string Documentation,
    PluginSocket Interface,
    IReadOnlyList<string> Entrypoint,
    PluginNetwork Network,
    bool PidHost,
    string PropagatedMount,
    IReadOnlyList<PluginVariable> Env,
    PluginArguments Args,
    IReadOnlyList<PluginMount> Mounts,
    PluginRights Linux)
{
    /// <summary>The folder of the plugin host in the plugin.</summary>
    public const string ProgramFolder = "/usr/lib/hedvigstorage";

    /// <summary>The plugin host in the plugin, by which its plugins are known.</summary>
    public const string Program = ProgramFolder + "/" + HostExecutables.PluginHost;

    /// <summary>The name of the socket's file.</summary>
    public const string Socket = "hedvig.sock";

    /// <summary>
    /// Where volumes are mounted in the plugin. The engine shows what is mounted below it, and puts its own path in the place of this one:
    /// nothing else begins with it.
    /// </summary>
    public const string MountRoot = "/var/lib/hedvigstorage/mounts";

    /// <summary>Where the plugin finds the folder for its state.</summary>
    public const string StateDirectory = "/var/lib/hedvigstorage/state";

    /// <summary>Where the plugin finds the file with its credential.</summary>
    public const string CredentialFile = "/etc/hedvigstorage/credential.json";

    /// <summary>Where the plugin finds the authorities that certificates are checked with.</summary>
    public const string AuthoritiesFile = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>The variable that names them.</summary>
    public const string AuthoritiesVariable = "SSL_CERT_FILE";

    /// <summary>The variable that names the cluster.</summary>
    public const string ClusterVariable = "HV_CLUSTER";

    /// <summary>The variable that tells the version, to whoever inspects the plugin.</summary>
    public const string VersionVariable = "HEDVIGSTORAGE_VERSION";

    /// <summary>The names that settings of mounts go by.</summary>
    public const string CredentialMount = "credential";

    /// <inheritdoc cref="CredentialMount"/>
    public const string StateMount = "state";

    /// <inheritdoc cref="CredentialMount"/>
    public const string DataMount = "data";
}

/// <summary>The socket, and what is spoken there.</summary>
internal sealed record PluginSocket(IReadOnlyList<string> Types, string Socket);

/// <summary>The network that the plugin is in.</summary>
internal sealed record PluginNetwork(string Type);

/// <summary>An environment variable, and which of its members <c>docker plugin set</c> may change.</summary>
internal sealed record PluginVariable(string Name, string Description, string Value, IReadOnlyList<string> Settable);

/// <summary>The arguments after the entry point.</summary>
internal sealed record PluginArguments(string Name, string Description, IReadOnlyList<string> Value, IReadOnlyList<string> Settable);

/// <summary>A folder or file of the engine's machine that the plugin is given.</summary>
internal sealed record PluginMount(
    string Name,
    string Description,
    string Source,
    string Destination,
    string Type,
    IReadOnlyList<string> Options,
    IReadOnlyList<string> Settable);

/// <summary>What the plugin may do beyond a container.</summary>
internal sealed record PluginRights(IReadOnlyList<string> Capabilities, bool AllowAllDevices);
