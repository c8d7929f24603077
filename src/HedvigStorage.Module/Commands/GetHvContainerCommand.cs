using HedvigStorage.Completers;
using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Commands;

/// <summary>
/// Lists containers of a Docker Engine, and where they mount volumes. A literal name that is not there is an error; a pattern that matches
/// nothing is not.
/// </summary>
[Cmdlet(VerbsCommon.Get, "HvContainer", DefaultParameterSetName = NameSet)]
[OutputType(typeof(DockerContainer))]
public sealed class GetHvContainerCommand : HvCommand
{
    private const string NameSet = "Name";
    private const string VolumeSet = "InputObject";

    // As Docker shows ids; fewer characters are more likely to be a name.
    private const int ShortestId = 12;

    /// <summary>
    /// Gets or sets names or ids, or patterns of names with wildcards; by default all containers are listed, stopped ones too.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Gets or sets names of volumes, or patterns with wildcards: only containers that mount one of them are listed.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    /// <summary>Gets or sets the volume, as <c>Get-HvVolume</c> returns it: the containers that mount it are listed.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = VolumeSet)]
    [ValidateNotNull]
    [ClusterObjectTransformation]
    public Volume? InputObject { get; set; }

    /// <summary>Gets or sets the names of the volume drivers that are plugin hosts; the default is <c>hedvig</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Driver { get; set; } = ["hedvig"];

    /// <summary>
    /// Gets or sets the Docker Engine, such as <c>unix:///var/run/docker.sock</c>. By default <c>DOCKER_HOST</c> or the platform tells.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerHost { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        using var engine = Need(Subjects.DockerEngine, DockerHost, () => Services.CreateDockerEngine(DockerHost));
        if (InputObject is { } volume)
        {
            ForEach(Subjects.DockerEngine, volume.Name, () => WritePattern(engine, new NameFilter("*"), [new NameFilter(volume.Name)]));
            return;
        }

        var volumes = Volume.Select(name => new NameFilter(name)).ToArray();
        foreach (var name in Name)
        {
            var filter = new NameFilter(name);
            ForEach(filter.IsPattern ? Subjects.DockerEngine : Subjects.Container, name, () =>
            {
                if (filter.IsPattern)
                {
                    WritePattern(engine, filter, volumes);
                }
                else
                {
                    WriteNamed(engine, filter.Name, volumes);
                }
            });
        }
    }

    private void WriteNamed(IDockerEngine engine, string name, NameFilter[] volumes)
    {
        var container = Await(token => engine.FindContainerAsync(name, token));
        if (container is null
            || !(string.Equals(container.Name, name, StringComparison.Ordinal) || (
                name.Length >= ShortestId && container.Id.StartsWith(name, StringComparison.Ordinal))))
        {
            throw new ClusterException(
                ErrorCode.NotFound, $"There is no container '{ObjectName.Printable(name)}' on the Docker Engine {engine.Address}.");
        }

        if (volumes.Length == 0
            || container.Specification.Mounts.Any(mount => string.Equals(
                mount.Type, "volume", StringComparison.Ordinal) && volumes.Any(volume => volume.Matches(mount.Source))))
        {
            WriteObject(ContainerDescription.Show(container, Driver, engine.Address));
        }
    }

    private void WritePattern(IDockerEngine engine, NameFilter filter, NameFilter[] volumes)
    {
        var listed = Await(token => engine.ListContainersAsync(labels: null, volume: null, token));
        foreach (var summary in listed
            .Where(
                container =>
                    filter.Matches(container.Name)
                        && (volumes.Length == 0 || container.Volumes.Any(name => volumes.Any(volume => volume.Matches(name)))))
            .OrderBy(container => container.Name, StringComparer.Ordinal))
        {
            // It may have gone meanwhile.
            if (Await(token => engine.FindContainerAsync(summary.Id, token)) is { } container)
            {
                WriteObject(ContainerDescription.Show(container, Driver, engine.Address));
            }
        }
    }
}
