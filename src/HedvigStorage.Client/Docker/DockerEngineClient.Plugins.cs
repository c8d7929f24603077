using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <content>The calls about managed plugins.</content>
public sealed partial class DockerEngineClient
{
    /// <inheritdoc/>
    public async Task<EnginePlugin?> FindPluginAsync(string nameOrId, CancellationToken cancellationToken) =>
        await _call.FindAsync($"plugins/{PluginPart(nameOrId)}/json", "plugin", DockerJson.Default.PluginMessage, _ => true, cancellationToken).ConfigureAwait(false) is { } message
            ? ToModel(message)
            : null;

    /// <inheritdoc/>
    public async Task CreatePluginAsync(string name, Stream archive, CancellationToken cancellationToken)
    {
        using var content = new StreamContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        await _call.RunAsync(HttpMethod.Post, "plugins/create?name=" + Uri.EscapeDataString(name), content, DockerCall.Long, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task EnablePluginAsync(string name, TimeSpan timeout, CancellationToken cancellationToken) => _call.RunAsync(
        HttpMethod.Post, $"plugins/{PluginPart(name)}/enable?timeout={timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}", null, DockerCall.Short, cancellationToken);

    /// <inheritdoc/>
    public async Task DisablePluginAsync(string name, bool force, CancellationToken cancellationToken)
    {
        using var response = await _call.SendAsync(HttpMethod.Post, $"plugins/{PluginPart(name)}/disable?force={(force ? 1 : 0)}", null, DockerCall.Short, cancellationToken).ConfigureAwait(false);
        await DockerCall.CheckAsync(response, conflict: ErrorCode.Busy).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RemovePluginAsync(string name, bool force, CancellationToken cancellationToken)
    {
        using var response = await _call.SendAsync(HttpMethod.Delete, $"plugins/{PluginPart(name)}?force={(force ? 1 : 0)}", null, DockerCall.Short, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await DockerCall.CheckAsync(response, conflict: ErrorCode.Busy).ConfigureAwait(false);
        }
    }

    private static EnginePlugin ToModel(PluginMessage message) => new()
    {
        Id = message.Id ?? throw DockerCall.Unreadable("plugin", "Id"),
        Name = ContainerMapping.DriverName(message.Name ?? throw DockerCall.Unreadable("plugin", "Name")),
        Enabled = message.Enabled,
        EntryPoint = message.Config?.Entrypoint ?? [],
        Arguments = message.Settings?.Args ?? [],
        Environment = ContainerMapping.ToEnvironment(message.Settings?.Env),
        Mounts = (message.Settings?.Mounts ?? []).Select(mount => new EnginePluginMount(mount.Name ?? string.Empty, mount.Source ?? string.Empty, mount.Destination ?? string.Empty)).ToArray(),
        Capabilities = message.Config?.Linux?.Capabilities ?? [],
        Socket = message.Config?.Interface?.Socket ?? string.Empty,
    };

    private static string PluginPart(string nameOrId) => DockerCall.Part("a plugin", nameOrId);
}
