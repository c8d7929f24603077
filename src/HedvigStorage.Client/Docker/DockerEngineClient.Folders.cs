using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <content>Folders in containers, which an engine takes and gives as tar archives. Source: the Engine API's <c>/containers/{id}/archive</c>.</content>
public sealed partial class DockerEngineClient
{
    /// <inheritdoc/>
    public async Task<FolderOwner?> FindFolderOwnerAsync(string nameOrId, string path, CancellationToken cancellationToken)
    {
        // Only the beginning is read: the archive holds all that is in the folder.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DockerCall.Long);
        try
        {
            using var response = await _call.OpenAsync(HttpMethod.Get, ArchivePath(nameOrId, path), limit.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            await DockerCall.CheckAsync(response).ConfigureAwait(false);
            using var archive = await response.Content.OpenReadAsync(limit.Token).ConfigureAwait(false);
            return await FolderArchive.ReadAsync(archive, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException(ErrorCode.Unreachable, $"The Docker Engine at {Address} did not answer in time.", exception);
        }
    }

    /// <inheritdoc/>
    public async Task SetFolderOwnerAsync(string nameOrId, string path, FolderOwner owner, CancellationToken cancellationToken)
    {
        // The engine leaves the folder that an archive is unpacked in as it is, so it is unpacked in the one above.
        var end = path.TrimEnd('/').LastIndexOf('/');
        using var content = new ByteArrayContent(FolderArchive.Write(path.TrimEnd('/').Substring(end + 1), owner));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        await _call.RunAsync(HttpMethod.Put, ArchivePath(nameOrId, end == 0 ? "/" : path.Substring(0, end)), content, DockerCall.Long, cancellationToken).ConfigureAwait(false);
    }

    private static string ArchivePath(string nameOrId, string path) => $"containers/{ContainerPart(nameOrId)}/archive?path={Uri.EscapeDataString(path)}";
}
