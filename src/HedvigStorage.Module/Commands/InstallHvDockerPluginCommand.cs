using System.Management.Automation;
using HedvigStorage.Errors;
using HedvigStorage.Hosting;
using HedvigStorage.Loading;

namespace HedvigStorage.Commands;

/// <summary>Starts the plugin host beside the Docker Engine of this machine, or finds that it runs. With other settings it is started anew, which interrupts no container.</summary>
[Cmdlet(VerbsLifecycle.Install, "HvDockerPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(DockerPluginStatus))]
public sealed class InstallHvDockerPluginCommand : ClusterCommand
{
    /// <summary>Gets or sets the name of the Docker volume driver.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "hedvig";

    /// <summary>Gets or sets the credential file that the plugin host logs in with. By default it is the one that the connection was made with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CredentialFile { get; set; }

    /// <summary>Gets or sets the name of this machine in attachments; the default is the machine's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HostName { get; set; }

    /// <summary>Gets or sets the folder for the state of the plugin host.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StateDirectory { get; set; }

    /// <summary>Gets or sets the folder under which volumes are mounted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MountRoot { get; set; }

    /// <summary>Gets or sets the unix socket; the default is <c>/run/docker/plugins/NAME.sock</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Socket { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEach(Subjects.DockerPlugin, Name, Install);

    private void Install()
    {
        ObjectName.Check("plugin", Name);
        var connection = Connection;
        var settings = new DockerPluginSettings
        {
            Name = Name,
            Cluster = connection.Address.ToString(),
            CredentialFile = ResolvePath(CredentialFile) ?? connection.CredentialFile
                ?? throw new ClusterException(ErrorCode.InvalidArgument, "The plugin logs in with a credential file. Connect with -CredentialFile, or give -CredentialFile here."),
            SkipCertificateCheck = connection.SkipCertificateCheck,
            Host = HostName,
            StateDirectory = ResolvePath(StateDirectory),
            MountRoot = ResolvePath(MountRoot),
            Socket = ResolvePath(Socket),
        };
        if (!ShouldProcess(Name, $"Install the Docker plugin for the cluster {settings.Cluster}"))
        {
            return;
        }

        var installer = Services.CreatePluginInstaller(ModulePaths.Hosts, engineAddress: null);
        WriteObject(Await(token => installer.InstallAsync(settings, token)));
    }

    private string? ResolvePath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
