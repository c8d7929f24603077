using HedvigStorage.Docker;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <content>The calls about managed plugins.</content>
public sealed partial class DockerEngineClient
{
    /// <inheritdoc/>
    public async Task<EnginePlugin?> FindPluginAsync(string nameOrId, CancellationToken cancellationToken)
    {
        using var exchange = new EngineExchange(DockerCall.Long, cancellationToken);
        var message = await _call.FindAsync(
            "plugin", (client, token) => client.Plugin.InspectPluginAsync(PluginPart(nameOrId), token), exchange).ConfigureAwait(false);
        return message is null ? null : ToModel(message);
    }

    /// <inheritdoc/>
    public Task CreatePluginAsync(string name, Stream archive, CancellationToken cancellationToken) => _call.RunAsync(
        (client, token) => client.Plugin.CreatePluginAsync(new Models.PluginCreateParameters { Name = name }, archive, token),
        DockerCall.Long,
        cancellationToken);

    /// <inheritdoc/>
    public Task EnablePluginAsync(string name, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var parameters = new Models.PluginEnableParameters { Timeout = (long)Math.Round(timeout.TotalSeconds) };
        return _call.RunAsync(
            (client, token) => client.Plugin.EnablePluginAsync(PluginPart(name), parameters, token), DockerCall.Short, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DisablePluginAsync(string name, bool force, CancellationToken cancellationToken)
    {
        var parameters = new Models.PluginDisableParameters { Force = force };
        return _call.RunAsync(
            (client, token) => client.Plugin.DisablePluginAsync(PluginPart(name), parameters, token),
            DockerCall.Short,
            cancellationToken,
            conflict: ErrorCode.Busy);
    }

    /// <inheritdoc/>
    public async Task RemovePluginAsync(string name, bool force, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new Models.PluginRemoveParameters { Force = force };
            await _call.RunAsync(
                (client, token) => client.Plugin.RemovePluginAsync(PluginPart(name), parameters, token),
                DockerCall.Short,
                cancellationToken,
                conflict: ErrorCode.Busy).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception))
        {
            // Gone is what was asked for.
        }
    }

    private static EnginePlugin ToModel(Models.Plugin message) => new()
    {
        Id = message.ID ?? throw EngineErrors.Unreadable("plugin", "Id"),
        Name = ContainerMapping.DriverName(message.Name is { Length: > 0 } name ? name : throw EngineErrors.Unreadable("plugin", "Name")),
        Enabled = message.Enabled,
        EntryPoint = message.Config?.Entrypoint?.ToArray() ?? [],
        Arguments = message.Settings?.Args?.ToArray() ?? [],
        Environment = ContainerMapping.ToEnvironment(message.Settings?.Env),
        Mounts = (message.Settings?.Mounts ?? []).Select(ToModel).ToArray(),
        Capabilities = message.Config?.Linux?.Capabilities?.ToArray() ?? [],
        Socket = message.Config?.Interface?.Socket ?? string.Empty,
    };

    private static EnginePluginMount ToModel(Models.PluginMount mount) =>
        new(mount.Name ?? string.Empty, mount.Source ?? string.Empty, mount.Destination ?? string.Empty);

    private static string PluginPart(string nameOrId) => DockerCall.Part("a plugin", nameOrId);
}
