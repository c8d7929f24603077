using HedvigStorage.Docker;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <content>Folders in containers, which an engine takes and gives as tar archives. Source: the Engine API's
/// <c>/containers/{id}/archive</c>.</content>
public sealed partial class DockerEngineClient
{
    /// <inheritdoc/>
    public async Task<FolderOwner?> FindFolderOwnerAsync(string nameOrId, string path, CancellationToken cancellationToken)
    {
        // Only the beginning is read: the archive holds all that is in the folder.
        using var exchange = new EngineExchange(DockerCall.Long, cancellationToken) { Streams = true };
        var place = new Models.ContainerPathStatParameters { Path = path };
        FolderOwner? owner = null;
        try
        {
            await _call.RunAsync(
                async (client, token) =>
                {
                    var answer = await client.Containers.GetArchiveFromContainerAsync(
                        ContainerPart(nameOrId), place, statOnly: false, token).ConfigureAwait(false);
                    using var archive = answer.Stream!;
                    owner = await FolderArchive.ReadAsync(archive, token).ConfigureAwait(false);
                },
                exchange).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception))
        {
            return null;
        }

        return owner;
    }

    /// <inheritdoc/>
    public async Task SetFolderOwnerAsync(string nameOrId, string path, FolderOwner owner, CancellationToken cancellationToken)
    {
        // The engine leaves the folder that an archive is unpacked in as it is, so it is unpacked in the one above.
        var end = path.TrimEnd('/').LastIndexOf('/');
        using var archive = new MemoryStream(FolderArchive.Write(path.TrimEnd('/').Substring(end + 1), owner));
        var above = new Models.CopyToContainerParameters { Path = end == 0 ? "/" : path.Substring(0, end) };
        await _call.RunAsync(
            (client, token) => client.Containers.ExtractArchiveToContainerAsync(ContainerPart(nameOrId), above, archive, token),
            DockerCall.Long,
            cancellationToken).ConfigureAwait(false);
    }
}
