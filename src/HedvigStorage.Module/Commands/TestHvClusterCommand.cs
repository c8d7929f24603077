using HedvigStorage.Completers;
using HedvigStorage.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>Tells whether a cluster answers, takes the login and says that it is healthy.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HvCluster", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(bool), typeof(ClusterCheck))]
public sealed class TestHvClusterCommand : ConnectingCommand
{
    private const string ClusterSet = "Cluster";
    private const string CredentialSet = "Credential";
    private const string FileSet = "CredentialFile";

    /// <summary>
    /// Gets or sets the cluster: as <c>Connect-HvCluster</c> or <c>Start-HvCluster</c> returned it, the name or address of an open
    /// connection, or the name of a saved profile. By default it is the default connection.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ClusterSet)]
    [ValidateNotNull]
    [ClusterReferenceTransformation]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public ClusterReference? Cluster { get; set; }

    /// <summary>Gets or sets the nodes of a cluster that need not be connected.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public Uri[] Uri { get; set; } = [];

    /// <summary>Gets or sets who logs in.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Gets or sets the path of a JSON file with <c>userName</c> and <c>password</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CredentialFile { get; set; }

    /// <summary>Gets or sets whether a server certificate that cannot be verified is accepted.</summary>
    [Parameter(ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = FileSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Gets or sets how long one request may take.</summary>
    [Parameter(ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = FileSet)]
    [DurationTransformation]
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Gets or sets whether the findings are written instead of one answer.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEach(Subjects.Cluster, Cluster ?? (object)Uri, () => Write(Check()));

    private void Write(IReadOnlyList<ClusterCheck> checks)
    {
        if (Detailed)
        {
            WriteObject(checks, enumerateCollection: true);
            return;
        }

        foreach (var check in checks.Where(check => !check.Passed))
        {
            WriteVerbose(check.Message);
        }

        WriteObject(checks.All(check => check.Passed));
    }

    private IReadOnlyList<ClusterCheck> Check()
    {
        ConnectedCluster cluster;
        try
        {
            // A login of its own: one that was made before shows nothing of now.
            cluster = Open(FindOpenConnection()?.Settings ?? Settings(), credentialFile: null, profile: null);
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Unreachable or ErrorCode.Protocol)
        {
            return [new("answers", false, exception.Message), new("login", false, "Not tried."), new("healthy", false, "Not asked.")];
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Unauthorized)
        {
            return [new("answers", true, "It answers."), new("login", false, exception.Message), new("healthy", false, "Not asked.")];
        }

        Close(cluster);
        return
        [
            new("answers", true, $"{cluster.Address} answers."),
            new("login", true, $"'{cluster.UserName}' is logged in."),
            new(
                "healthy",
                cluster.Healthy,
                cluster.Healthy
                    ? "It says that it is healthy."
                    : string.Join(" ", cluster.Information.Problems.DefaultIfEmpty("It says that it is not healthy."))),
        ];
    }

    private ConnectedCluster? FindOpenConnection() => Uri.Length > 0 ? null
        : Cluster is null
            ? SessionConnections.Default
            ?? throw new ClusterException(
                ErrorCode.InvalidArgument, "No cluster is connected. Run Connect-HvCluster first, or give -Cluster or -Uri.")
        : Cluster.Connected ?? (Cluster.Name is { } name ? FindOpen(name) : null);

    private ClusterConnection Settings()
    {
        if (Uri.Length > 0)
        {
            var credential = Credential is null
                ? Services.ReadCredential(GetUnresolvedProviderPathFromPSPath(CredentialFile!))
                : new Credential(Credential.UserName, Credential.GetNetworkCredential().Password);
            return Describe(
                new ConnectionProfile
                {
                    Name = string.Empty,
                    Nodes = Uri,
                    RequestTimeout = RequestTimeout,
                    SkipCertificateCheck = SkipCertificateCheck,
                },
                credential);
        }

        return Cluster!.Host is { } host ? DescribeHost(host) : DescribeProfile(Cluster.Name!);
    }
}
