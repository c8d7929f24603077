using HedvigStorage.Hosting;
using HedvigStorage.Loading;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that do something with plugin hosts that may be there.</summary>
public abstract class DockerPluginCommand : HvCommand
{
    private protected DockerPluginCommand()
    {
    }

    /// <summary>Gets or sets the names of Docker volume drivers.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["hedvig"];

    /// <summary>
    /// Gets or sets the Docker Engine, such as <c>unix:///var/run/docker.sock</c>. By default <c>DOCKER_HOST</c> or the platform tells. One
    /// on another machine has managed plugins only.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerHost { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.DockerPlugin, name, () =>
            {
                ObjectName.Check("plugin", name);
                Process(Services.CreatePluginInstaller(ModulePaths.Hosts, DockerHost), name);
            });
        }
    }

    private protected abstract void Process(IDockerPluginInstaller installer, string name);
}
