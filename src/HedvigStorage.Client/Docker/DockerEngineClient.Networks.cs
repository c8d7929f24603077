using System.Net;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Docker;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <content>The calls about networks.</content>
public sealed partial class DockerEngineClient
{
    // From this version on, an engine looks for the name whatever it is asked.
    private static readonly Version LooksForNames = new(1, 44);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EngineNetwork>> ListNetworksAsync(CancellationToken cancellationToken)
    {
        var networks = await _call.AskAsync(
            "list of networks",
            (client, token) => client.Networks.ListNetworksAsync(parameters: null, token),
            DockerCall.Short,
            cancellationToken).ConfigureAwait(false);
        return networks.Select(ContainerMapping.ToModel).ToArray();
    }

    /// <inheritdoc/>
    public async Task<EngineNetwork?> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken)
    {
        using var exchange = new EngineExchange(DockerCall.Long, cancellationToken);
        var message = await _call.FindAsync(
            "network",
            (client, token) => client.Networks.InspectNetworkAsync(NetworkPart(nameOrId), token),
            exchange).ConfigureAwait(false);
        return message is null ? null : ContainerMapping.ToModel(message);
    }

    /// <inheritdoc/>
    public async Task<string> CreateNetworkAsync(NetworkSpecification specification, CancellationToken cancellationToken)
    {
        await CheckNameAsync(specification.Name, cancellationToken).ConfigureAwait(false);
        var wanted = new Models.NetworksCreateParameters
        {
            Name = specification.Name,
            Driver = specification.Driver ?? string.Empty,
            Internal = specification.Internal,
            Labels = specification.Labels.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
        var created = await _call.AskAsync(
            "network",
            (client, token) => client.Networks.CreateNetworkAsync(wanted, token),
            DockerCall.Short,
            cancellationToken).ConfigureAwait(false);
        return created.ID is { Length: > 0 } id ? id : throw EngineErrors.Unreadable("network", "Id");
    }

    /// <inheritdoc/>
    public async Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            await _call.RunAsync(
                (client, token) => client.Networks.DeleteNetworkAsync(NetworkPart(nameOrId), token),
                DockerCall.Short,
                cancellationToken,
                conflict: ErrorCode.Busy).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception))
        {
            // Gone is what was asked for.
        }
        catch (ClusterException exception)
            when (EngineErrors.StatusOf(exception) == HttpStatusCode.Forbidden && exception.Message.ContainsIgnoreCase("active endpoints"))
        {
            // An engine says "forbidden" of a network that is in use, and of one that can never be removed.
            throw new ClusterException(ErrorCode.Busy, exception.Message, exception);
        }
    }

    // Engines before 25 take a name twice, and the library has no way to tell them to look.
    private async Task CheckNameAsync(string name, CancellationToken cancellationToken)
    {
        var engine = await _call.GetVersionAsync(cancellationToken).ConfigureAwait(false);
        if (Version.Parse(engine.ApiVersion) < LooksForNames
            && (await ListNetworksAsync(cancellationToken).ConfigureAwait(false))
                .Any(network => string.Equals(network.Name, name, StringComparison.Ordinal)))
        {
            throw new ClusterException(ErrorCode.Conflict, $"Docker: network with name {name} already exists.");
        }
    }

    private static string NetworkPart(string nameOrId) => DockerCall.Part("a network", nameOrId);
}
