using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Connections;

/// <summary>Makes the clients that a command was told of, or finds them.</summary>
internal static class Connector
{
    private static readonly ClientServices Services = new();

    /// <summary>Makes the targets of plans.</summary>
    /// <exception cref="ClusterException">What was said is not enough to know the cluster, or is wrong.</exception>
    public static Task<PlanTargets> ConnectAsync(ConnectionSettings settings, CancellationToken cancellationToken) =>
        ConnectAsync(settings, Warn, cancellationToken);

    /// <summary>Makes the targets of plans.</summary>
    /// <param name="settings">What was said of the connections.</param>
    /// <param name="warn">Takes what a person should know.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">What was said is not enough to know the cluster, or is wrong.</exception>
    public static async Task<PlanTargets> ConnectAsync(
        ConnectionSettings settings, Action<string> warn, CancellationToken cancellationToken)
    {
        var (nodes, local) = await FindNodesAsync(settings, cancellationToken);
        var (credential, file) = FindCredential(settings, local);
        SaySkippedCheck(settings, warn);
        var cluster = Services.CreateCluster(
            new ClusterConnection { Nodes = nodes, Credential = credential, SkipCertificateCheck = settings.SkipCertificateCheck });
        return new PlanTargets(cluster)
        {
            Docker = Services.CreateDockerEngine(settings.Docker),
            PluginInstaller = PluginInstaller(settings.Docker),
            Secrets = Services.CreateSecretSource(),
            PluginSettings = file is null ? null : new DockerPluginSettings
            {
                Cluster = string.Join(',', nodes.Select(Text)),
                CredentialFile = Path.GetFullPath(file),
                SkipCertificateCheck = settings.SkipCertificateCheck,
                DataDirectory = local?.ClusterData,
            },
        };
    }

    /// <summary>
    /// Finds the address and the credential file, for a host that reads them itself, and the folder of the volumes if the cluster is the
    /// one under <c>.hedvig</c>.
    /// </summary>
    /// <exception cref="ClusterException">What was said is not enough to know the cluster, or the credential is not in a file.</exception>
    public static async Task<(string Cluster, string CredentialFile, string? Data)> FindForPluginAsync(
        ConnectionSettings settings, CancellationToken cancellationToken)
    {
        var (nodes, local) = await FindNodesAsync(settings, cancellationToken);
        var (_, file) = FindCredential(settings, local);
        SaySkippedCheck(settings, Warn);
        return file is null
            ? throw new ClusterException(
                ErrorCode.Unauthorized,
                "The plugin host reads its credential from a file. Give one with --credential-file or HV_CREDENTIAL_FILE.")
            : (string.Join(',', nodes.Select(Text)), Path.GetFullPath(file), local?.ClusterData);
    }

    /// <summary>Makes the installer of plugin hosts.</summary>
    /// <param name="engine">The Docker Engine's address, or <see langword="null"/> for that of <c>DOCKER_HOST</c> or the platform's
    /// default.</param>
    public static IDockerPluginInstaller PluginInstaller(string? engine) => Services.CreatePluginInstaller(hostsDirectory: null, engine);

    public static ICluster Cluster(string address, string credentialFile) => Services.CreateCluster(
        new ClusterConnection { Nodes = [new Uri(address)], Credential = Services.ReadCredential(credentialFile) });

    public static object? ReadJson(string text, string source) => Services.ReadJson(text, source);

    // Aloud, each time: who asked for it once must not forget it.
    private static void SaySkippedCheck(ConnectionSettings settings, Action<string> warn)
    {
        if (settings.SkipCertificateCheck)
        {
            warn("the cluster's certificate is not checked (--skip-certificate-check): whoever is on the way can read the password.");
        }
    }

    /// <summary>Tells what a person should know, beside the output.</summary>
    public static void Warn(string message) => Console.Error.WriteLine(PrintableText.Line($"hv: warning: {message}"));

    private static string Text(Uri node) => node.ToString().TrimEnd('/');

    private static async Task<(IReadOnlyList<Uri> Nodes, LocalSite? Local)> FindNodesAsync(
        ConnectionSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Cluster is { } cluster)
        {
            return (
                cluster.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadNode).ToArray(),
                null);
        }

        var site = LocalSite.Nearest();
        if (!Directory.Exists(site.ClusterData))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                "No cluster was named, and there is no .hedvig here or above. Give --cluster URL or HV_CLUSTER, "
                    + "or start one with 'hv quickstart' or 'hv cluster start'.");
        }

        var address = (
            await new ClusterHostProcess(site.ClusterData).GetStatusAsync(cancellationToken)) is { Running: true, Address: { } found }
            ? found
            : throw new ClusterException(
                ErrorCode.Unreachable,
                $"The cluster in {LocalSite.Shown(site.ClusterData)} does not run. Start it with 'hv cluster start', "
                    + "or name another with --cluster.");
        return ([address], site);
    }

    private static Uri ReadNode(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new ClusterException(
            ErrorCode.InvalidArgument,
            $"'{ObjectName.Printable(text)}' is not an address of a cluster. Give one such as http://127.0.0.1:7080.");

    private static (Credential Credential, string? File) FindCredential(ConnectionSettings settings, LocalSite? local)
    {
        if (settings.CredentialFile is { } file)
        {
            return (Services.ReadCredential(file), file);
        }

        if (ConnectionOptions.FromEnvironment("HV_USER") is { } user && ConnectionOptions.FromEnvironment("HV_PASSWORD") is { } password)
        {
            return (new Credential(user, password), null);
        }

        return local is not null
            ? (Services.ReadCredential(local.CredentialFile), local.CredentialFile)
            : throw new ClusterException(
                ErrorCode.Unauthorized,
                "No credential was given. Give --credential-file FILE, or set HV_CREDENTIAL_FILE, or HV_USER and HV_PASSWORD.");
    }
}
