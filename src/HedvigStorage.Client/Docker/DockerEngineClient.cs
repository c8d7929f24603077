using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <summary>A Docker Engine, reached through its API on a unix socket, a named pipe or a TCP port. Safe for use by many threads.</summary>
public sealed partial class DockerEngineClient : IDockerEngine, IEnginePlugins
{
    private static readonly TimeSpan RemovalPoll = TimeSpan.FromMilliseconds(100);

    private readonly DockerCall _call;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="address"><c>unix://…</c>, <c>npipe://…</c>, <c>tcp://…</c>, or <see langword="null"/> for <c>DOCKER_HOST</c> or the platform's default. TLS is as <c>DOCKER_TLS_VERIFY</c> and <c>DOCKER_CERT_PATH</c> say.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: no such address is known.</exception>
    public DockerEngineClient(string? address)
    {
        var endpoint = DockerEndpoint.Parse(address, Environment.GetEnvironmentVariable);
        Address = endpoint.Address;
        _call = new DockerCall(endpoint.Address, endpoint.Http, DockerTransport.Create(endpoint));
    }

    internal DockerEngineClient(Uri address, HttpMessageHandler handler)
    {
        Address = address;
        _call = new DockerCall(address, new Uri("http://docker/"), handler);
    }

    /// <inheritdoc/>
    public Uri Address { get; }

    /// <inheritdoc/>
    public Task<EngineVersion> GetVersionAsync(CancellationToken cancellationToken) => _call.GetVersionAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyCollection<string>? labels, string? volume, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (labels is { Count: > 0 })
        {
            filters["label"] = labels.ToList();
        }

        if (volume is not null)
        {
            filters["volume"] = [volume];
        }

        var containers = await _call.AskAsync(
            HttpMethod.Get, "containers/json?all=1" + Filters(filters), null, "list of containers", DockerJson.Default.ListContainerSummaryMessage, DockerCall.Short, cancellationToken).ConfigureAwait(false);
        // The engine's filter takes a path in the container for a volume's name too.
        return containers.Select(ContainerMapping.ToModel).Where(container => volume is null || container.Volumes.Contains(volume, StringComparer.Ordinal)).ToArray();
    }

    /// <inheritdoc/>
    public async Task<Container?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        await InspectAsync(nameOrId, cancellationToken).ConfigureAwait(false) is { } message ? ContainerMapping.ToModel(message) : null;

    /// <inheritdoc/>
    public async Task<string> CreateContainerAsync(string name, ContainerSpecification specification, CancellationToken cancellationToken)
    {
        await CheckMountsAsync(specification, cancellationToken).ConfigureAwait(false);
        using var content = DockerCall.Json(ContainerMapping.ToMessage(specification), DockerJson.Default.CreateContainerMessage);
        var created = await _call.AskAsync(
            HttpMethod.Post, "containers/create?name=" + Uri.EscapeDataString(name), content, "container", DockerJson.Default.IdMessage, DockerCall.Long, cancellationToken).ConfigureAwait(false);
        return created.Id ?? throw DockerCall.Unreadable("container", "Id");
    }

    private async Task CheckMountsAsync(ContainerSpecification specification, CancellationToken cancellationToken)
    {
        var engine = await _call.GetVersionAsync(cancellationToken).ConfigureAwait(false);
        if (specification.Mounts.Select(mount => MountSupport.WhyNot(engine, mount)).FirstOrDefault(reason => reason is not null) is { } reason)
        {
            throw new ClusterException(ErrorCode.Unsupported, reason);
        }
    }

    /// <inheritdoc/>
    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        _call.RunAsync(HttpMethod.Post, $"containers/{ContainerPart(nameOrId)}/start", null, DockerCall.Long, cancellationToken);

    /// <inheritdoc/>
    public Task UnpauseContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        _call.RunAsync(HttpMethod.Post, $"containers/{ContainerPart(nameOrId)}/unpause", null, DockerCall.Long, cancellationToken);

    /// <inheritdoc/>
    public Task StopContainerAsync(string nameOrId, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var seconds = timeout is { } time ? Math.Ceiling(Math.Max(0, time.TotalSeconds)) : (double?)null;
        var query = seconds is { } number ? "?t=" + number.ToString("0", CultureInfo.InvariantCulture) : string.Empty;
        // A container's own time is not known here; ten minutes is longer than anybody gives one.
        var limit = seconds is { } given ? TimeSpan.FromSeconds(given) + DockerCall.Long : TimeSpan.FromMinutes(10);
        return _call.RunAsync(HttpMethod.Post, $"containers/{ContainerPart(nameOrId)}/stop{query}", null, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RenameContainerAsync(string nameOrId, string newName, CancellationToken cancellationToken) =>
        _call.RunAsync(HttpMethod.Post, $"containers/{ContainerPart(nameOrId)}/rename?name={Uri.EscapeDataString(newName)}", null, DockerCall.Short, cancellationToken);

    /// <inheritdoc/>
    public async Task UpdateRestartPolicyAsync(string nameOrId, RestartPolicy restart, CancellationToken cancellationToken)
    {
        using var content = DockerCall.Json(new UpdateMessage(ContainerMapping.ToMessage(restart)), DockerJson.Default.UpdateMessage);
        await _call.RunAsync(HttpMethod.Post, $"containers/{ContainerPart(nameOrId)}/update", content, DockerCall.Short, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RemoveContainerAsync(string nameOrId, bool force, CancellationToken cancellationToken)
    {
        var part = ContainerPart(nameOrId);
        using var response = await _call.SendAsync(HttpMethod.Delete, $"containers/{part}?v=0&force={(force ? 1 : 0)}", null, DockerCall.Long, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return;
        }

        if (response.StatusCode == HttpStatusCode.Conflict && (await DockerCall.ReadErrorAsync(response).ConfigureAwait(false)).ContainsIgnoreCase("already in progress"))
        {
            await WaitUntilGoneAsync(nameOrId, cancellationToken).ConfigureAwait(false);
            return;
        }

        await DockerCall.CheckAsync(response, conflict: ErrorCode.Busy).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<int> WaitContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var answer = await _call.AskAsync(
            HttpMethod.Post, $"containers/{ContainerPart(nameOrId)}/wait", null, "wait", DockerJson.Default.WaitMessage, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return answer.Error?.Message is { Length: > 0 } error
            ? throw new ClusterException(ErrorCode.Internal, $"Docker: the wait for the container '{nameOrId}' failed: {DockerCall.Sentence(error)}")
            : (int)answer.StatusCode;
    }

    /// <inheritdoc/>
    public async Task<string> GetContainerLogsAsync(string nameOrId, CancellationToken cancellationToken)
    {
        // Only newer engines say in the answer whether it comes in frames; the container says it on all.
        var container = await InspectAsync(nameOrId, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(ErrorCode.NotFound, $"Docker: the container '{nameOrId}' couldn't be found.");
        using var response = await _call.SendAsync(
            HttpMethod.Get, $"containers/{ContainerPart(nameOrId)}/logs?stdout=1&stderr=1", null, DockerCall.Short, cancellationToken).ConfigureAwait(false);
        await DockerCall.CheckAsync(response).ConfigureAwait(false);
        return DockerLogReader.Read(await response.Content.ReadBytesAsync(cancellationToken).ConfigureAwait(false), container.Config?.Tty ?? false);
    }

    /// <inheritdoc/>
    public async Task<Image?> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        await _call.FindAsync($"images/{ImageReference.Path(reference)}/json", "image", DockerJson.Default.ImageMessage, _ => true, cancellationToken).ConfigureAwait(false) is { } message
            ? ContainerMapping.ToModel(message)
            : null;

    /// <inheritdoc/>
    public Task PullImageAsync(string reference, IProgress<string>? progress, CancellationToken cancellationToken) =>
        ImagePull.RunAsync(_call, reference, progress, cancellationToken);

    /// <inheritdoc/>
    public async Task ImportImageAsync(string reference, Stream archive, CancellationToken cancellationToken)
    {
        var image = ImageReference.Parse(reference);
        using var content = new StreamContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        await _call.RunAsync(HttpMethod.Post, $"images/create?fromSrc=-&repo={Uri.EscapeDataString(image.Name)}&tag={Uri.EscapeDataString(image.Tag)}", content, DockerCall.Long, cancellationToken).ConfigureAwait(false);

        // What goes wrong later is told in an answer that began with success.
        _ = await FindImageAsync(reference, cancellationToken).ConfigureAwait(false) ?? throw new ClusterException(ErrorCode.Internal, $"Docker: the image '{reference}' could not be made of the archive.");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EngineVolume>> ListVolumesAsync(string? driver, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (driver is not null)
        {
            // The engine wants the whole name, which has a tag if the driver is a managed plugin.
            filters["driver"] = [driver, driver + ":latest"];
        }

        var list = await _call.AskAsync(
            HttpMethod.Get, "volumes?" + Filters(filters).TrimStart('&'), null, "list of volumes", DockerJson.Default.VolumeListMessage, DockerCall.Long, cancellationToken).ConfigureAwait(false);
        return (list.Volumes ?? []).Select(ContainerMapping.ToModel).ToArray();
    }

    /// <inheritdoc/>
    public async Task<EngineVolume> CreateVolumeAsync(
        string name, string driver, IReadOnlyDictionary<string, string> options, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        using var content = DockerCall.Json(new CreateVolumeMessage(name, driver, options, labels), DockerJson.Default.CreateVolumeMessage);
        return ContainerMapping.ToModel(await _call.AskAsync(
            HttpMethod.Post, "volumes/create", content, "volume", DockerJson.Default.DockerVolumeMessage, DockerCall.Long, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<EngineVolume?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        await _call.FindAsync($"volumes/{VolumePart(name)}", "volume", DockerJson.Default.DockerVolumeMessage, SaysNoVolume, cancellationToken).ConfigureAwait(false) is { } message
            ? ContainerMapping.ToModel(message)
            : null;

    /// <inheritdoc/>
    public async Task RemoveVolumeAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await _call.SendAsync(HttpMethod.Delete, $"volumes/{VolumePart(name)}", null, DockerCall.Long, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.NotFound || !SaysNoVolume(await DockerCall.ReadErrorAsync(response).ConfigureAwait(false)))
        {
            await DockerCall.CheckAsync(response, conflict: ErrorCode.Busy).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();

    // A driver that is away is answered with 404 too, which must never read as "no such volume".
    private static bool SaysNoVolume(string message) => message.ContainsIgnoreCase("no such volume");

    private static string ContainerPart(string nameOrId) => DockerCall.Part("a container", nameOrId);

    private static string VolumePart(string name) => DockerCall.Part("a volume", name);

    private static string Filters(Dictionary<string, List<string>> filters) => filters.Count == 0
        ? string.Empty
        : "&filters=" + Uri.EscapeDataString(JsonSerializer.Serialize(filters, DockerJson.Default.DictionaryStringListString));

    private Task<ContainerMessage?> InspectAsync(string nameOrId, CancellationToken cancellationToken) =>
        _call.FindAsync($"containers/{ContainerPart(nameOrId)}/json", "container", DockerJson.Default.ContainerMessage, _ => true, cancellationToken);

    private async Task WaitUntilGoneAsync(string nameOrId, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DockerCall.Short);
        try
        {
            while (await InspectAsync(nameOrId, limit.Token).ConfigureAwait(false) is not null)
            {
                await Task.Delay(RemovalPoll, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException(ErrorCode.Busy, $"Docker is still removing the container '{nameOrId}'.");
        }
    }
}
