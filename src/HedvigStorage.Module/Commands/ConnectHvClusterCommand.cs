using HedvigStorage.Completers;
using HedvigStorage.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>Connects to a cluster and makes it the default for the cmdlets of this session.</summary>
[Cmdlet(VerbsCommunications.Connect, "HvCluster", DefaultParameterSetName = CredentialSet)]
[OutputType(typeof(ConnectedCluster))]
public sealed class ConnectHvClusterCommand : ConnectingCommand
{
    private const string CredentialSet = "Credential";
    private const string FileSet = "CredentialFile";
    private const string SecretSet = "SecretName";

    /// <summary>
    /// Gets or sets the nodes, the preferred one first. By default they are those of the profile, or of the environment variable
    /// <c>HV_CLUSTER</c>.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Address")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public Uri[]? Uri { get; set; }

    /// <summary>
    /// Gets or sets who logs in. Without it, without a credential file and without a profile, the environment variables
    /// <c>HV_CREDENTIAL_FILE</c>, or <c>HV_USER</c> and <c>HV_PASSWORD</c>, tell.
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = CredentialSet)]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Gets or sets the path of a JSON file with <c>userName</c> and <c>password</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CredentialFile { get; set; }

    /// <summary>Gets or sets the name of a secret of SecretManagement: a PSCredential, or a password as SecureString.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SecretSet)]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>Gets or sets the vault of the secret; by default SecretManagement looks in all.</summary>
    [Parameter(ParameterSetName = SecretSet)]
    [ValidateNotNullOrEmpty]
    public string? VaultName { get; set; }

    /// <summary>Gets or sets who logs in, where the secret is a password alone.</summary>
    [Parameter(ParameterSetName = SecretSet)]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>Gets or sets the name of the saved profile that tells what is not given here.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string? Profile { get; set; }

    /// <summary>
    /// Gets or sets the name under which the connection is kept in the user's configuration folder, without any secret. A profile of that
    /// name is replaced.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string? SaveProfile { get; set; }

    /// <summary>Gets or sets how long one request may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Gets or sets whether a server certificate that cannot be verified is accepted.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Gets or sets whether the default connection of the session stays what it is.</summary>
    [Parameter]
    public SwitchParameter NotDefault { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var cluster = Need(Subjects.Cluster, Uri ?? (object?)Profile, Connect);
        if (!NotDefault)
        {
            MakeDefault(cluster);
        }

        SessionConnections.Add(cluster);
        WriteObject(cluster);
    }

    private void MakeDefault(ConnectedCluster cluster)
    {
        if (SessionConnections.Default is { } former)
        {
            WriteVerbose($"The default connection was {former}; it stays open for those who hold it.");
        }

        SessionConnections.Default = cluster;
    }

    private ConnectedCluster Connect()
    {
        if (SaveProfile is not null)
        {
            // What would keep the profile from being saved is told before anything is sent.
            _ = ObjectName.Check("profile", SaveProfile);
            _ = ProfileStore.Read();
        }

        var wanted = Complete(
            Profile is null ? new ConnectionProfile { Name = SaveProfile ?? string.Empty, Nodes = Nodes() } : FindKnown(Profile));
        var credential = FindCredential(wanted, out var described);
        var cluster = Open(Describe(described, credential), described.CredentialFile, SaveProfile ?? Profile);
        if (SaveProfile is not null)
        {
            Save(described with { Name = SaveProfile }, cluster);
        }

        return cluster;
    }

    private ConnectionProfile FindKnown(string name) => Uri is null
        ? FindProfile(name)
        : throw new ClusterException(
            ErrorCode.InvalidArgument, "A profile has the addresses of its cluster: give -Uri or -Profile, not both.");

    private IReadOnlyList<Uri> Nodes() => Uri ?? ConnectionEnvironment.Nodes();

    private ConnectionProfile Complete(ConnectionProfile profile) => profile with
    {
        RequestTimeout = RequestTimeout ?? profile.RequestTimeout,
        SkipCertificateCheck = MyInvocation.BoundParameters.ContainsKey(nameof(SkipCertificateCheck))
            ? SkipCertificateCheck
            : profile.SkipCertificateCheck,
    };

    /// <summary>Finds who logs in, and where that stands: of the profile only what leads to that stays.</summary>
    private Credential FindCredential(ConnectionProfile profile, out ConnectionProfile described)
    {
        var without = profile with { UserName = null, CredentialFile = null, SecretName = null, VaultName = null };
        if (Credential is not null)
        {
            described = without with { UserName = Credential.UserName };
            return new Credential(Credential.UserName, Credential.GetNetworkCredential().Password);
        }

        if (SecretName is not null)
        {
            described = without with { SecretName = SecretName, VaultName = VaultName, UserName = UserName };
            return SecretCredential.Read(this, SecretName, VaultName, UserName);
        }

        if (CredentialFile is not null)
        {
            return ReadFile(without, CredentialFile, out described);
        }

        described = profile;
        return Profile is null ? FromEnvironment(without, out described) : ReadCredential(profile) ?? AskCredential(profile);
    }

    private Credential FromEnvironment(ConnectionProfile without, out ConnectionProfile described)
    {
        if (ConnectionEnvironment.CredentialFile is { } file)
        {
            return ReadFile(without, file, out described);
        }

        if (ConnectionEnvironment.UserName is { } user && ConnectionEnvironment.Password is { } password)
        {
            described = without with { UserName = user };
            return new Credential(user, password);
        }

        throw new ClusterException(
            ErrorCode.Unauthorized,
            "No credential is given. Give -Credential, -CredentialFile or -SecretName, or set HV_CREDENTIAL_FILE, "
                + "or HV_USER and HV_PASSWORD.");
    }

    private Credential ReadFile(ConnectionProfile without, string file, out ConnectionProfile described)
    {
        described = without with { CredentialFile = GetUnresolvedProviderPathFromPSPath(file) };
        return Services.ReadCredential(described.CredentialFile!);
    }

    private void Save(ConnectionProfile profile, ConnectedCluster cluster)
    {
        try
        {
            ProfileStore.Save(profile);
            WriteVerbose($"The profile '{profile.Name}' is kept in '{ProfileStore.Path}'.");
        }
        catch
        {
            Close(cluster);
            throw;
        }
    }
}
