using HedvigStorage.Completers;
using HedvigStorage.Docker;

namespace HedvigStorage.Commands;

/// <summary>
/// Lists volumes of a Docker Engine; of those that are volumes of the cluster it tells size and host too, where one is connected.
/// A literal name that is not there is an error; a pattern that matches nothing is not.
/// </summary>
[Cmdlet(VerbsCommon.Get, "HvDockerVolume")]
[OutputType(typeof(DockerVolume))]
public sealed class GetHvDockerVolumeCommand : ClusterCommand
{
    /// <summary>Gets or sets names, or patterns with wildcards; by default all volumes are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Gets or sets the names of the volume drivers that are plugin hosts of the cluster; the default is <c>hedvig</c>.</summary>
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
    private protected override void ProcessObjects()
    {
        using var engine = Need(Subjects.DockerEngine, DockerHost, () => Services.CreateDockerEngine(DockerHost));
        foreach (var name in Name)
        {
            var filter = new NameFilter(name);
            EngineVolume[] found = [];
            ForEach(filter.IsPattern ? Subjects.DockerEngine : Subjects.DockerVolume, name, () => found = Find(engine, filter));
            ForEach(Subjects.Cluster, name, () => Write(engine, found));
        }
    }

    private EngineVolume[] Find(IDockerEngine engine, NameFilter filter)
    {
        if (filter.IsPattern)
        {
            return Await(token => engine.ListVolumesAsync(driver: null, token))
                .Where(volume => filter.Matches(volume.Name)).OrderBy(volume => volume.Name, StringComparer.Ordinal).ToArray();
        }

        return Await(token => engine.FindVolumeAsync(filter.Name, token)) is { } volume
            ? [volume]
            : throw new ClusterException(
                ErrorCode.NotFound, $"There is no volume '{ObjectName.Printable(filter.Name)}' on the Docker Engine {engine.Address}.");
    }

    private void Write(IDockerEngine engine, EngineVolume[] found)
    {
        var ours = FindOurs(found.Where(IsOurs).Select(volume => volume.Name).ToArray());
        foreach (var volume in found)
        {
            WriteObject(
                DockerVolume.Of(volume, IsOurs(volume) && ours.TryGetValue(volume.Name, out var known) ? known : null, engine.Address));
        }
    }

    private bool IsOurs(EngineVolume volume) => Driver.Contains(volume.Driver, StringComparer.Ordinal);

    private Dictionary<string, Volume> FindOurs(string[] names)
    {
        // What Docker knows is worth telling without a cluster.
        if (names.Length == 0 || ConnectionIfAny is not { } connection)
        {
            return new Dictionary<string, Volume>(StringComparer.Ordinal);
        }

        return Await(token => connection.Client.ListAllVolumesAsync(new VolumeQuery { Names = names }, token))
            .ToDictionary(volume => volume.Name, StringComparer.Ordinal);
    }
}
