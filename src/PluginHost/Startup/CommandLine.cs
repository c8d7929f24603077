using System.CommandLine;
using HedvigStorage.Linux.Systemd;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>The command line of <c>hv-plugin</c>.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Cluster =
        new("--cluster") { Description = "The cluster's address, such as http://127.0.0.1:7080; "
            + "several nodes are separated by commas [HV_CLUSTER].", HelpName = "URL" };
    private static readonly Option<string?> CredentialFile = new("--credential-file")
    {
        Description = "A JSON file with userName and password [HV_CREDENTIAL_FILE].",
        HelpName = "FILE",
    };
    private static readonly Option<string> Socket = new("--socket")
    {
        Description = "The unix socket; its name is the Docker driver's.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "/run/docker/plugins/hedvig.sock",
    };
    private static readonly Option<string?> State = new("--state")
    {
        Description = "The directory for state that outlives the process [default: /var/lib/hedvigstorage/DRIVER/state].",
        HelpName = "DIR",
    };
    private static readonly Option<string?> MountRoot = new("--mount-root")
    {
        Description = "The directory below which volumes are mounted [default: /var/lib/hedvigstorage/DRIVER/mounts].",
        HelpName = "DIR",
    };
    private static readonly Option<string?> Host = new(
        "--host") { Description = "The host's name in attachments [HV_HOST; default: the machine's].", HelpName = "NAME" };

    private static readonly Option<string?> Remove =
        new("--remove") { Description = "The volumes that container engines may remove: Own are those made through plugin hosts, "
            + "Any are all that belong to no document [HV_REMOVE; default: Own].", HelpName = "Own|Any" };

    private static readonly Option<bool> Managed = new("--managed")
    {
        Description = "Answer every call within 25 s, as the client of a managed plugin waits no longer than 30 s.",
    };
    private static readonly Option<bool> Rules = new("--rules")
    {
        Description =
            "Print the rules by which differences between records, mounts, their users and leases are put right, as a table in Markdown, "
                + "and end.",
    };

    private static readonly Option<bool> SkipCertificateCheck = new("--skip-certificate-check")
    {
        Description = "Skip the check of the cluster's certificate. Anyone between you and the cluster can read the password.",
    };

    /// <summary>Makes the command.</summary>
    public static RootCommand Create() =>
        new("The Docker volume driver of HedvigStorage.")
        {
            Cluster,
            CredentialFile,
            Socket,
            State,
            MountRoot,
            Host,
            Remove,
            SkipCertificateCheck,
            Managed,
            Rules,
        };

    /// <summary>Reads the settings.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <param name="environment">Finds an environment variable.</param>
    /// <param name="passed">The socket that systemd handed over, or <see langword="null"/>.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: a value is missing or wrong.</exception>
    public static PluginSettings Read(ParseResult result, Func<string, string?> environment, PassedSocket? passed)
    {
        var socket = SocketPath(result, passed);
        var name = Path.GetFileNameWithoutExtension(socket);
        var home = Path.Combine("/var/lib/hedvigstorage", name);
        return new PluginSettings
        {
            Nodes = ParseNodes(Required("--cluster", result.GetValue(Cluster), "HV_CLUSTER", environment)),
            CredentialFile = AbsolutePath(
                "--credential-file", Required("--credential-file", result.GetValue(CredentialFile), "HV_CREDENTIAL_FILE", environment)),
            SkipCertificateCheck = result.GetValue(SkipCertificateCheck),
            Socket = socket,
            PassedSocket = passed,
            StateDirectory = AbsolutePath("--state", result.GetValue(State) ?? Path.Combine(home, "state")),
            MountRoot = AbsolutePath("--mount-root", result.GetValue(MountRoot) ?? Path.Combine(home, "mounts")),
            Host = ObjectName.Check("host", Given(result.GetValue(Host), "HV_HOST", environment) ?? Environment.MachineName),
            Removals = ParseRemovals(Given(result.GetValue(Remove), "HV_REMOVE", environment)),
            Limits = result.GetValue(Managed) ? CallLimits.OfManaged : CallLimits.OfSocket,
        };
    }

    /// <summary>Tells whether only the rules are asked for.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    public static bool AsksForRules(ParseResult result) => result.GetValue(Rules);

    private static string Required(string option, string? value, string variable, Func<string, string?> environment) =>
        Given(value, variable, environment) ?? throw Invalid($"{option} is missing. Give it, or set {variable}.");

    private static string? Given(string? value, string variable, Func<string, string?> environment)
    {
        var given = value ?? environment(variable);
        return string.IsNullOrWhiteSpace(given) ? null : given;
    }

    // The driver's name is the socket's, so two different paths would be two names.
    private static string SocketPath(ParseResult result, PassedSocket? passed)
    {
        var given = result.GetResult(Socket) is { Implicit: false };
        var socket = AbsolutePath("--socket", result.GetRequiredValue(Socket));
        return passed is null ? socket
            : !given || string.Equals(socket, passed.Path, StringComparison.Ordinal) ? passed.Path
            : throw Invalid(
                $"systemd handed over the socket '{ObjectName.Printable(passed.Path)}', and --socket is '{ObjectName.Printable(socket)}'. "
                    + "Leave --socket out.");
    }

    private static string AbsolutePath(string option, string path) =>
        string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal)
        ? throw Invalid($"{option} is not a path.")
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static RemovalPolicy ParseRemovals(string? text) =>
        text is null ? RemovalPolicy.Own
        : AttributeTable.TryParseWord<RemovalPolicy>(text, out var policy) ? policy
        : throw Invalid($"'{ObjectName.Printable(text)}' is not a value of --remove. Give Own or Any.");

    private static IReadOnlyList<Uri> ParseNodes(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseNode)];

    private static Uri ParseNode(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var node) && node.Scheme is "http" or "https" && node.UserInfo.Length == 0
            ? node
            : throw Invalid(
                $"'{ObjectName.Printable(text)}' is not the address of a cluster. Give one such as http://127.0.0.1:7080, without a user.");

    private static ClusterException Invalid(string message) => new(ErrorCode.InvalidArgument, message);
}
