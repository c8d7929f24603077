using HedvigStorage.Connections;
using HedvigStorage.Documents;
using HedvigStorage.Loading;
using HedvigStorage.Planning;

namespace HedvigStorage.Commands;

/// <summary>Describes what is there as a document: JSON text, or a file by its extension. A plan of it has nothing to do.</summary>
[Cmdlet(VerbsData.Export, "HvConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportHvConfigurationCommand : ClusterCommand
{
    /// <summary>Gets or sets the file: <c>.json</c>, or <c>.psd1</c> for a PowerShell data file. Without it the JSON is returned.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Gets or sets the name that the document is given; applied, it makes what it describes its own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Gets or sets whether the plugin host and the containers that mount its volumes are described too.</summary>
    [Parameter]
    public SwitchParameter Containers { get; set; }

    /// <summary>Gets or sets whether the environment of containers is described too. It may hold secrets.</summary>
    [Parameter]
    public SwitchParameter IncludeEnvironment { get; set; }

    /// <summary>
    /// Gets or sets the Docker Engine, such as <c>unix:///var/run/docker.sock</c>. By default <c>DOCKER_HOST</c> or the platform tells.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerHost { get; set; }

    // A document is of one cluster.
    /// <inheritdoc/>
    private protected override bool TakesSeveralClusters => false;

    /// <inheritdoc/>
    private protected override void ProcessObjects() => ForEach(Subjects.Configuration, Path, Export);

    private void Export()
    {
        Check();
        var path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        if (path is not null && !ShouldProcess(path, "Export what is there as a document"))
        {
            return;
        }

        var document = ConfigurationWriter.Write(Describe());
        if (path is null)
        {
            WriteObject(DocumentText.Json(document));
            return;
        }

        PrivateFile.Write(path, IsData(path) ? DocumentText.Data(document) : DocumentText.Json(document));
        WriteObject(new FileInfo(path));
    }

    private void Check()
    {
        if (IncludeEnvironment && !Containers)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, "-IncludeEnvironment is of containers: give -Containers too.");
        }

        if (Name is not null)
        {
            _ = ObjectName.Check("document", Name);
        }

        if (Path is not null && !IsData(Path)
            && !string.Equals(System.IO.Path.GetExtension(Path), ".json", StringComparison.OrdinalIgnoreCase))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(Path)}' is neither a .json nor a .psd1 file.");
        }
    }

    private Configuration Describe()
    {
        using var docker = Containers ? Services.CreateDockerEngine(DockerHost ?? ConnectionEnvironment.DockerHost) : null;
        var targets = docker is null
            ? new PlanTargets(Client)
            : new PlanTargets(Client) { Docker = docker, PluginInstaller = Services.CreatePluginInstaller(ModulePaths.Hosts, DockerHost) };
        var options = new ExportOptions { Name = Name, Docker = Containers, Environment = IncludeEnvironment };
        var configuration = Await(token => new ConfigurationExporter(targets).ExportAsync(options, token));
        foreach (var omission in configuration.Omissions)
        {
            WriteWarning(PrintableText.Line(omission));
        }

        return configuration;
    }

    private static bool IsData(string path) =>
        string.Equals(System.IO.Path.GetExtension(path), ".psd1", StringComparison.OrdinalIgnoreCase);
}
