using System.CommandLine;
using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Connections;

/// <summary>The options by which every command finds its cluster and Docker Engine.</summary>
internal sealed class ConnectionOptions
{
    public Option<string?> Cluster { get; } = new("--cluster")
    {
        Description =
            "The cluster's address, such as http://127.0.0.1:7080; several nodes are separated by commas. Else HV_CLUSTER, "
                + "else the cluster under .hedvig.",
        HelpName = "URL",
    };

    public Option<string?> CredentialFile { get; } = new("--credential-file")
    {
        Description =
            "A JSON file with userName and password. Else HV_CREDENTIAL_FILE, else HV_USER and HV_PASSWORD, "
                + "else that of the cluster under .hedvig.",
        HelpName = "FILE",
    };

    public Option<bool> SkipCertificateCheck { get; } = new("--skip-certificate-check")
    {
        Description = "Skip the check of the cluster's certificate. Anyone between you and the cluster can read the password.",
    };

    public Option<string?> Docker { get; } = new("--docker")
    {
        Description = "The Docker Engine's address, such as unix:///var/run/docker.sock. Else DOCKER_HOST, else the platform's default.",
        HelpName = "HOST",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Cluster);
        command.Options.Add(CredentialFile);
        command.Options.Add(SkipCertificateCheck);
        command.Options.Add(Docker);
    }

    public ConnectionSettings Read(ParseResult parsed) => ReadCluster(parsed) with { Docker = parsed.GetValue(Docker) };

    /// <summary>Reads those of the cluster alone.</summary>
    public ConnectionSettings ReadCluster(ParseResult parsed) => new(
        parsed.GetValue(Cluster) ?? FromEnvironment("HV_CLUSTER"),
        parsed.GetValue(CredentialFile) ?? FromEnvironment("HV_CREDENTIAL_FILE"),
        Docker: null,
        parsed.GetValue(SkipCertificateCheck));

    public static string? FromEnvironment(string name) => StrictText.Variable(name);
}

/// <summary>What was said of the connections; <see langword="null"/> is "find it".</summary>
internal sealed record ConnectionSettings(string? Cluster, string? CredentialFile, string? Docker, bool SkipCertificateCheck = false);
