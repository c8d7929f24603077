using System.Collections;
using HedvigStorage.Connections;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Loading;
using HedvigStorage.Planning;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that compare a configuration with what is there.</summary>
public abstract class ConfigurationCommand : ClusterCommand
{
    private const string PathSet = "Path";
    private const string ConfigurationSet = "Configuration";

    private protected ConfigurationCommand()
    {
    }

    /// <summary>Gets or sets the path of the document: JSON, or a PowerShell data file (<c>.psd1</c>).</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Gets or sets the document itself, as a hashtable.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ConfigurationSet)]
    [ValidateNotNull]
    public IDictionary? Configuration { get; set; }

    /// <summary>
    /// Gets or sets the Docker Engine, such as <c>unix:///var/run/docker.sock</c>. By default <c>DOCKER_HOST</c> or the platform tells.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerHost { get; set; }

    /// <summary>
    /// Gets or sets the credential file that a plugin host is to use. By default it is the one that the connection was made with.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CredentialFile { get; set; }

    /// <summary>
    /// Gets or sets whether what the document has made and no longer describes is removed. It needs a document with a name.
    /// </summary>
    [Parameter]
    public SwitchParameter Prune { get; set; }

    // A document may describe what is outside of the clusters.
    /// <inheritdoc/>
    private protected override bool TakesSeveralClusters => false;

    /// <inheritdoc/>
    private protected override void ProcessObjects() => ForEach(Subjects.Configuration, (object?)Path ?? Configuration, Process);

    private protected abstract void Process(Plan plan);

    /// <summary>Reads the plan that is to be carried out as it was saved; <see langword="null"/> where none is given.</summary>
    private protected virtual ISavedPlan? ReadPlan() => null;

    private void Process()
    {
        var saved = ReadPlan();
        var configuration = Read();
        configuration = saved?.Recognise(configuration) ?? configuration;
        using var docker = configuration.Docker is null
            ? null
            : Services.CreateDockerEngine(DockerHost ?? ConnectionEnvironment.DockerHost);
        var planner = new Planner(Targets(configuration, docker));
        var plan = Await(token => planner.PlanAsync(configuration, saved?.Options ?? new PlanOptions { Prune = Prune }, token));
        saved?.Check(plan);
        foreach (var omission in plan.Omissions)
        {
            WriteWarning(omission);
        }

        if (plan.Orphans.Count > 0 && !Prune)
        {
            WriteVerbose(
                $"The document '{plan.Document}' made and no longer describes: {string.Join(", ", plan.Orphans)}. -Prune removes them.");
        }

        Process(plan);
    }

    private Configuration Read()
    {
        if (Configuration is not null)
        {
            return ConfigurationReader.Read(DocumentValue.Unwrap(Configuration), "configuration");
        }

        var path = GetUnresolvedProviderPathFromPSPath(Path!);
        return ConfigurationReader.Read(DocumentFile.Read(path), path);
    }

    private PlanTargets Targets(Configuration configuration, IDockerEngine? docker)
    {
        var connection = Connection;
        return docker is null
            ? new PlanTargets(connection.Client)
            : new PlanTargets(connection.Client)
            {
                Docker = docker,
                PluginInstaller = Services.CreatePluginInstaller(ModulePaths.Hosts, DockerHost),
                Secrets = Services.CreateSecretSource(),
                PluginSettings = PluginSettings(configuration.Docker!, connection),
            };
    }

    private DockerPluginSettings? PluginSettings(DockerConfiguration docker, ConnectedCluster connection)
    {
        var file = CredentialFile is null ? connection.CredentialFile : GetUnresolvedProviderPathFromPSPath(CredentialFile);
        if (file is not null)
        {
            return new DockerPluginSettings
            {
                Cluster = connection.Address.ToString(),
                CredentialFile = file,
                SkipCertificateCheck = connection.SkipCertificateCheck,
            };
        }

        return docker is { Optional: false, Plugin.Ensure: Ensure.Present }
            ? throw new ClusterException(
                ErrorCode.InvalidArgument,
                "The configuration installs the Docker plugin, which logs in with a credential file. Connect with -CredentialFile, "
                    + "or give -CredentialFile here.")
            : null;
    }
}
