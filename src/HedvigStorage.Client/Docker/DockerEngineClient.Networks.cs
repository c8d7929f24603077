using System.Net;
using System.Net.Http;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <content>The calls about networks.</content>
public sealed partial class DockerEngineClient
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<EngineNetwork>> ListNetworksAsync(CancellationToken cancellationToken) =>
        (await _call.AskAsync(HttpMethod.Get, "networks", null, "list of networks", DockerJson.Default.ListNetworkMessage, DockerCall.Short, cancellationToken).ConfigureAwait(false))
            .Select(ContainerMapping.ToModel).ToArray();

    /// <inheritdoc/>
    public async Task<EngineNetwork?> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        await _call.FindAsync($"networks/{NetworkPart(nameOrId)}", "network", DockerJson.Default.NetworkMessage, _ => true, cancellationToken).ConfigureAwait(false) is { } message
            ? ContainerMapping.ToModel(message)
            : null;

    /// <inheritdoc/>
    public async Task<string> CreateNetworkAsync(NetworkSpecification specification, CancellationToken cancellationToken)
    {
        // Engines before 25 take a name twice unless they are told to look.
        using var content = DockerCall.Json(
            new CreateNetworkMessage(specification.Name, specification.Driver, specification.Internal, CheckDuplicate: true, specification.Labels), DockerJson.Default.CreateNetworkMessage);
        var created = await _call.AskAsync(HttpMethod.Post, "networks/create", content, "network", DockerJson.Default.IdMessage, DockerCall.Short, cancellationToken).ConfigureAwait(false);
        return created.Id ?? throw DockerCall.Unreadable("network", "Id");
    }

    /// <inheritdoc/>
    public async Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken)
    {
        using var response = await _call.SendAsync(HttpMethod.Delete, $"networks/{NetworkPart(nameOrId)}", null, DockerCall.Short, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return;
        }

        // An engine says "forbidden" of a network that is in use, and of one that can never be removed.
        if (response.StatusCode == HttpStatusCode.Forbidden && (await DockerCall.ReadErrorAsync(response).ConfigureAwait(false)) is var words && words.ContainsIgnoreCase("active endpoints"))
        {
            throw new ClusterException(ErrorCode.Busy, "Docker: " + DockerCall.Sentence(words));
        }

        await DockerCall.CheckAsync(response, conflict: ErrorCode.Busy).ConfigureAwait(false);
    }

    private static string NetworkPart(string nameOrId) => DockerCall.Part("a network", nameOrId);
}
