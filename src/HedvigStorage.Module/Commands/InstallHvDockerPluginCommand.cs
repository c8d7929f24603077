using HedvigStorage.Hosting;
using HedvigStorage.Loading;

namespace HedvigStorage.Commands;

/// <summary>
/// Installs the plugin host beside a Docker Engine and starts it, or finds that it runs. With other settings it is restarted; that
/// interrupts no container, and a managed plugin is restarted only while no volume is mounted.
/// </summary>
[Cmdlet(VerbsLifecycle.Install, "HvDockerPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(DockerPluginStatus))]
public sealed class InstallHvDockerPluginCommand : ClusterCommand
{
    /// <summary>Gets or sets the name of the Docker volume driver.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "hedvig";

    /// <summary>
    /// Gets or sets how it is run: as a process of this machine, as a service of systemd, or as a managed plugin, which the engine itself
    /// keeps. By default as it is installed, else as a process.
    /// </summary>
    [Parameter]
    [WordTransformation(typeof(DockerPluginMode), "mode of a plugin host")]
    public DockerPluginMode? Mode { get; set; }

    /// <summary>
    /// Gets or sets the Docker Engine, such as <c>unix:///var/run/docker.sock</c>. By default <c>DOCKER_HOST</c> or the platform tells. One
    /// on another machine can have managed plugins only.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerHost { get; set; }

    /// <summary>
    /// Gets or sets the data folder of an embedded cluster on the engine's machine, which a managed plugin must be given to see its
    /// volumes.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Gets or sets whether a managed plugin asks the engine for <c>CAP_SYS_RESOURCE</c>, without which a mounted ext4 grows at its next
    /// mount only. By default it is as it is installed, else not.
    /// </summary>
    [Parameter]
    public SwitchParameter OnlineGrowth { get; set; }

    /// <summary>
    /// Gets or sets the credential file that the plugin host logs in with. By default it is the one that the connection was made with.
    /// </summary>
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
    private protected override void ProcessObjects() => ForEach(Subjects.DockerPlugin, Name, Install);

    private void Install()
    {
        ObjectName.Check("plugin", Name);
        var connection = Connection;
        var settings = new DockerPluginSettings
        {
            Name = Name,
            Mode = Mode,
            Cluster = connection.Address.ToString(),
            CredentialFile = ResolvePath(CredentialFile) ?? connection.CredentialFile
                ?? throw new ClusterException(
                    ErrorCode.InvalidArgument,
                    "The plugin logs in with a credential file. Connect with -CredentialFile, or give -CredentialFile here."),
            SkipCertificateCheck = connection.SkipCertificateCheck,
            Host = HostName,
            StateDirectory = ResolvePath(StateDirectory),
            MountRoot = ResolvePath(MountRoot),
            Socket = ResolvePath(Socket),
            DataDirectory = ResolvePath(DataDirectory),
            OnlineGrowth = MyInvocation.BoundParameters.ContainsKey(nameof(OnlineGrowth)) ? OnlineGrowth.IsPresent : null,
        };
        if (!ShouldProcess(Name, $"Install the Docker plugin for the cluster {settings.Cluster}"))
        {
            return;
        }

        var installer = Services.CreatePluginInstaller(ModulePaths.Hosts, DockerHost);
        WriteObject(Await(token => installer.InstallAsync(settings, token)));
    }

    private string? ResolvePath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
