using System.Reflection;
using HedvigStorage.Docker;

namespace HedvigStorage.Hosting;

/// <summary>What distinguishes one managed plugin from another: made of what was asked for, or read from what the engine has.</summary>
internal sealed record ManagedPluginSettings(
    string Name,
    string Cluster,
    string CredentialFile,
    string StateDirectory,
    string? DataDirectory,
    string? Host,
    bool SkipCertificateCheck,
    bool OnlineGrowth,
    string MoreOptions)
{
    private const string GrowthCapability = "CAP_SYS_RESOURCE";
    private const string HostOption = "--host";
    private const string SkipOption = "--skip-certificate-check";

    /// <summary>Fills in what was not asked for.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="present">The plugin that is there: what only a managed plugin has stays as it is.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: a setting has no meaning for a managed plugin, or
    /// is wrong.</exception>
    public static ManagedPluginSettings Resolve(DockerPluginSettings settings, ManagedPluginSettings? present)
    {
        if (settings.Socket is not null || settings.MountRoot is not null)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                "A managed plugin has its socket and its mounts where the Docker Engine puts them. "
                    + "Leave the socket and the folder for mounts out.");
        }

        return new ManagedPluginSettings(
            settings.Name,
            settings.Cluster,
            Path.GetFullPath(settings.CredentialFile),
            Path.GetFullPath(settings.StateDirectory ?? present?.StateDirectory ?? PluginPaths.State(settings.Name)),
            settings.DataDirectory is { } data ? Path.GetFullPath(data) : present?.DataDirectory,
            settings.Host is { } host ? ObjectName.Check("host", host) : present?.Host,
            settings.SkipCertificateCheck,
            settings.OnlineGrowth ?? present?.OnlineGrowth ?? false,
            present?.MoreOptions ?? string.Empty);
    }

    /// <summary>Reads the settings of a plugin, or returns <see langword="null"/> if it is not a plugin host of ours.</summary>
    public static ManagedPluginSettings? Read(EnginePlugin plugin)
    {
        if (!plugin.EntryPoint.Contains(ManagedPluginConfiguration.Program, StringComparer.Ordinal))
        {
            return null;
        }

        var more = plugin.Arguments.ToList();
        var host = TakeHost(more);
        var skip = more.Remove(SkipOption);
        return new ManagedPluginSettings(
            plugin.Name,
            plugin.Environment.TryGetValue(ManagedPluginConfiguration.ClusterVariable, out var cluster) ? cluster : string.Empty,
            Source(ManagedPluginConfiguration.CredentialMount) ?? string.Empty,
            Source(ManagedPluginConfiguration.StateMount) ?? string.Empty,
            Source(ManagedPluginConfiguration.DataMount),
            host,
            skip,
            plugin.Capabilities.Contains(GrowthCapability, StringComparer.Ordinal),
            string.Join(" ", more));

        string? Source(string mount) =>
            plugin.Mounts.FirstOrDefault(candidate => string.Equals(candidate.Name, mount, StringComparison.Ordinal))?.Source;
    }

    /// <summary>Writes the plugin's <c>config.json</c>.</summary>
    public ManagedPluginConfiguration ToConfiguration() => new(
        "Volumes of a HedvigStorage cluster",
        "docs/operating.md of HedvigStorage",
        new PluginSocket(["docker.volumedriver/1.0"], ManagedPluginConfiguration.Socket),
        [
            ManagedPluginConfiguration.Program,
            "--socket", "/run/docker/plugins/" + ManagedPluginConfiguration.Socket,
            "--mount-root", ManagedPluginConfiguration.MountRoot,
            "--state", ManagedPluginConfiguration.StateDirectory,
            "--credential-file", ManagedPluginConfiguration.CredentialFile,
            "--managed",
        ],
        new PluginNetwork("host"),
        // Which containers still use a volume is seen in the mounts of their processes.
        PidHost: true,
        ManagedPluginConfiguration.MountRoot,
        [
            Variable(
                ManagedPluginConfiguration.ClusterVariable,
                "The cluster's address; several nodes are separated by commas.",
                Cluster,
                "value"),
            Variable(
                ManagedPluginConfiguration.AuthoritiesVariable,
                "The authorities that the cluster's certificate is checked with.",
                ManagedPluginConfiguration.AuthoritiesFile,
                "value"),
            Variable(ManagedPluginConfiguration.VersionVariable, "The version of the plugin host.", Version),
        ],
        new PluginArguments("args", "More options of hv-plugin.", Arguments(), ["value"]),
        Mounts(),
        // Loop devices come and go, so no list of them can be given.
        new PluginRights(Capabilities(), AllowAllDevices: true));

    /// <summary>Gets the version of this product, as its plugin hosts tell theirs.</summary>
    public static string Version { get; } = typeof(
        ManagedPluginSettings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    private static PluginVariable Variable(string name, string description, string value, params string[] settable) =>
        new(name, description, value, settable);

    private static PluginMount Bind(string name, string description, string source, string destination, params string[] options) =>
        new(name, description, source, destination, "bind", options, ["source"]);

    // To mount, and to see the mounts of containers of all users. A machine that withholds the third from its containers could not start a
    // plugin that asks for it.
    private string[] Capabilities() =>
        OnlineGrowth ? ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE", GrowthCapability] : ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"];

    private static string? TakeHost(List<string> arguments)
    {
        if (arguments.IndexOf(HostOption) is not (>= 0 and var index))
        {
            return null;
        }

        var host = arguments.ElementAtOrDefault(index + 1);
        arguments.RemoveRange(index, Math.Min(2, arguments.Count - index));
        return host;
    }

    private List<string> Arguments()
    {
        var arguments = new List<string>();
        if (Host is not null)
        {
            arguments.AddRange([HostOption, Host]);
        }

        if (SkipCertificateCheck)
        {
            arguments.Add(SkipOption);
        }

        // As `docker plugin set NAME args=…` splits them.
        arguments.AddRange(MoreOptions.Split([' '], StringSplitOptions.RemoveEmptyEntries));
        return arguments;
    }

    private List<PluginMount> Mounts()
    {
        var mounts = new List<PluginMount>
        {
            Bind("dev", "Loop devices.", "/dev", "/dev", "rbind"),
            Bind(
                ManagedPluginConfiguration.CredentialMount,
                "The file with user and password for the cluster.",
                CredentialFile,
                ManagedPluginConfiguration.CredentialFile,
                "bind",
                "ro"),
            Bind(
                ManagedPluginConfiguration.StateMount,
                "State that outlives the plugin.",
                StateDirectory,
                ManagedPluginConfiguration.StateDirectory,
                "bind"),
        };
        if (DataDirectory is { } data)
        {
            // The cluster tells the paths of images, so they must be the same ones in the plugin.
            mounts.Add(
                Bind(ManagedPluginConfiguration.DataMount, "The data folder of a cluster on the engine's machine.", data, data, "rbind"));
        }

        return mounts;
    }
}
