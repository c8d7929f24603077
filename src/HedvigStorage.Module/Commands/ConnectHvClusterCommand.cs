using System;
using System.Collections.Generic;
using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Connections;
using HedvigStorage.Errors;
using HedvigStorage.Hosting;
using HedvigStorage.Parameters;

namespace HedvigStorage.Commands;

/// <summary>Connects to a cluster and makes it the default for the cmdlets of this session.</summary>
[Cmdlet(VerbsCommunications.Connect, "HvCluster", DefaultParameterSetName = CredentialSet)]
[OutputType(typeof(ConnectedCluster))]
public sealed class ConnectHvClusterCommand : HvCommand
{
    private const string CredentialSet = "Credential";
    private const string FileSet = "CredentialFile";

    /// <summary>Gets or sets the nodes, the preferred one first. By default they are those of the environment variable <c>HV_CLUSTER</c>.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public Uri[]? Uri { get; set; }

    /// <summary>
    /// Gets or sets who logs in. Without it and without a credential file, the environment variables <c>HV_CREDENTIAL_FILE</c>,
    /// or <c>HV_USER</c> and <c>HV_PASSWORD</c>, tell.
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = CredentialSet)]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Gets or sets the path of a JSON file with <c>userName</c> and <c>password</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CredentialFile { get; set; }

    /// <summary>Gets or sets how long one request may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Gets or sets whether a server certificate that cannot be verified is accepted.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var cluster = Need(Subjects.Cluster, Uri, Connect);
        var former = DefaultCluster.Current;
        DefaultCluster.Current = cluster;
        if (former is not null)
        {
            WriteVerbose($"The default connection was {former}; it stays open for those who hold it.");
        }

        WriteObject(cluster);
    }

    private ConnectedCluster Connect()
    {
        var nodes = Uri ?? ConnectionSettings.Nodes();
        var (credential, file) = FindCredential();
        if (SkipCertificateCheck)
        {
            WriteWarning("The cluster's certificate is not checked (-SkipCertificateCheck): whoever is on the way can read the password.");
        }

        var client = Services.CreateCluster(Describe(nodes, credential));
        try
        {
            return Await(async token =>
            {
                await client.ConnectAsync(token).ConfigureAwait(false);
                var capabilities = await client.GetCapabilitiesAsync(token).ConfigureAwait(false);
                var information = await client.GetInformationAsync(token).ConfigureAwait(false);
                return new ConnectedCluster(client, nodes, file, information, capabilities) { SkipCertificateCheck = SkipCertificateCheck };
            });
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private ClusterConnection Describe(IReadOnlyList<Uri> nodes, Credential credential)
    {
        var connection = new ClusterConnection { Nodes = nodes, Credential = credential, SkipCertificateCheck = SkipCertificateCheck };
        return RequestTimeout is { } timeout ? connection with { RequestTimeout = timeout } : connection;
    }

    private (Credential Credential, string? File) FindCredential()
    {
        if (Credential is not null)
        {
            return (new Credential(Credential.UserName, Credential.GetNetworkCredential().Password), null);
        }

        if ((CredentialFile ?? ConnectionSettings.CredentialFile) is { } file)
        {
            var path = GetUnresolvedProviderPathFromPSPath(file);
            return (Services.ReadCredential(path), path);
        }

        return ConnectionSettings.UserName is { } user && ConnectionSettings.Password is { } password
            ? (new Credential(user, password), null)
            : throw new ClusterException(ErrorCode.Unauthorized, "No credential is given. Give -Credential or -CredentialFile, or set HV_CREDENTIAL_FILE, or HV_USER and HV_PASSWORD.");
    }
}
