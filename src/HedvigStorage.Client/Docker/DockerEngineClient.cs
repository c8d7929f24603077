using System.Net;
using System.Net.Http;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Docker;
using Models = Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <summary>A Docker Engine, reached through its API on a unix socket, a named pipe or a TCP port. Safe for use by many threads.</summary>
public sealed partial class DockerEngineClient : IDockerEngine, IEnginePlugins
{
    private static readonly TimeSpan RemovalPoll = TimeSpan.FromMilliseconds(100);

    private readonly DockerCall _call;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="address"><c>unix://…</c>, <c>npipe://…</c>, <c>tcp://…</c>, or <see langword="null"/> for <c>DOCKER_HOST</c> or the
    /// platform's default. TLS is as <c>DOCKER_TLS_VERIFY</c> and <c>DOCKER_CERT_PATH</c> say.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: no such address is known.</exception>
    public DockerEngineClient(string? address)
        : this(DockerEndpoint.Parse(address, Environment.GetEnvironmentVariable))
    {
    }

    internal DockerEngineClient(DockerEndpoint endpoint)
    {
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
    public async Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(
        IReadOnlyCollection<string>? labels, string? volume, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal);
        if (labels is { Count: > 0 })
        {
            filters["label"] = AnyOf([.. labels]);
        }

        if (volume is not null)
        {
            filters["volume"] = AnyOf(volume);
        }

        var parameters = new Models.ContainersListParameters { All = true, Filters = filters.Count > 0 ? filters : null };
        var containers = await _call.AskAsync(
            "list of containers",
            (client, token) => client.Containers.ListContainersAsync(parameters, token),
            DockerCall.Short,
            cancellationToken).ConfigureAwait(false);

        // The engine's filter takes a path in the container for a volume's name too.
        return containers.Select(ContainerMapping.ToModel)
            .Where(container => volume is null || container.Volumes.Contains(volume, StringComparer.Ordinal)).ToArray();
    }

    /// <inheritdoc/>
    public async Task<Container?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        using var exchange = new EngineExchange(DockerCall.Long, cancellationToken);
        var message = await _call.FindAsync(
            "container",
            (client, token) => client.Containers.InspectContainerAsync(ContainerPart(nameOrId), token),
            exchange).ConfigureAwait(false);
        return message is null
            ? null
            : ContainerMapping.ToModel(message, exchange.ReadAnswer("container", DockerJson.Default.ContainerRest));
    }

    /// <inheritdoc/>
    public async Task<string> CreateContainerAsync(string name, ContainerSpecification specification, CancellationToken cancellationToken)
    {
        await CheckMountsAsync(specification, cancellationToken).ConfigureAwait(false);
        var wanted = ContainerMapping.ToMessage(name, specification);
        var created = await _call.AskAsync(
            "container",
            (client, token) => client.Containers.CreateContainerAsync(wanted, token),
            DockerCall.Long,
            cancellationToken).ConfigureAwait(false);
        return created.ID is { Length: > 0 } id ? id : throw EngineErrors.Unreadable("container", "Id");
    }

    private async Task CheckMountsAsync(ContainerSpecification specification, CancellationToken cancellationToken)
    {
        var engine = await _call.GetVersionAsync(cancellationToken).ConfigureAwait(false);
        if (specification.Mounts.Select(
            mount => MountSupport.WhyNot(engine, mount)).FirstOrDefault(reason => reason is not null) is { } reason)
        {
            throw new ClusterException(ErrorCode.Unsupported, reason);
        }
    }

    /// <inheritdoc/>
    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken) => _call.RunAsync(
        (client, token) => client.Containers.StartContainerAsync(ContainerPart(nameOrId), parameters: null, token),
        DockerCall.Long,
        cancellationToken);

    /// <inheritdoc/>
    public Task UnpauseContainerAsync(string nameOrId, CancellationToken cancellationToken) => _call.RunAsync(
        (client, token) => client.Containers.UnpauseContainerAsync(ContainerPart(nameOrId), token), DockerCall.Long, cancellationToken);

    /// <inheritdoc/>
    public async Task StopContainerAsync(string nameOrId, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var seconds = timeout is { } time ? Math.Ceiling(Math.Max(0, time.TotalSeconds)) : (double?)null;

        // A container's own time is not known here; ten minutes is longer than anybody gives one.
        var limit = seconds is { } given ? TimeSpan.FromSeconds(given) + DockerCall.Long : TimeSpan.FromMinutes(10);
        using var exchange = new EngineExchange(limit, cancellationToken)
        {
            // The library takes 0 for no time given.
            Query = seconds is { } number ? "t=" + number.ToString("0", CultureInfo.InvariantCulture) : null,
        };
        await _call.RunAsync(
            (client, token) => client.Containers.StopContainerAsync(ContainerPart(nameOrId), new Models.ContainerStopParameters(), token),
            exchange).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task RenameContainerAsync(string nameOrId, string newName, CancellationToken cancellationToken)
    {
        var parameters = new Models.ContainerRenameParameters { NewName = newName };
        return _call.RunAsync(
            (client, token) => client.Containers.RenameContainerAsync(ContainerPart(nameOrId), parameters, token),
            DockerCall.Short,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task UpdateRestartPolicyAsync(string nameOrId, RestartPolicy restart, CancellationToken cancellationToken)
    {
        var parameters = new Models.ContainerUpdateParameters { RestartPolicy = ContainerMapping.ToMessage(restart) };
        return _call.RunAsync(
            (client, token) => client.Containers.UpdateContainerAsync(ContainerPart(nameOrId), parameters, token),
            DockerCall.Short,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveContainerAsync(string nameOrId, bool force, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new Models.ContainerRemoveParameters { RemoveVolumes = false, Force = force };
            await _call.RunAsync(
                (client, token) => client.Containers.RemoveContainerAsync(ContainerPart(nameOrId), parameters, token),
                DockerCall.Long,
                cancellationToken,
                conflict: ErrorCode.Busy).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception))
        {
            // Gone is what was asked for.
        }
        catch (ClusterException exception)
            when (EngineErrors.StatusOf(exception) == HttpStatusCode.Conflict
                && exception.Message.ContainsIgnoreCase("already in progress"))
        {
            await WaitUntilGoneAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<int> WaitContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var answer = await _call.AskAsync(
            "wait",
            (client, token) => client.Containers.WaitContainerAsync(ContainerPart(nameOrId), token),
            Timeout.InfiniteTimeSpan,
            cancellationToken).ConfigureAwait(false);
        return answer.Error?.Message is { Length: > 0 } error
            ? throw new ClusterException(
                ErrorCode.Internal, $"Docker: the wait for the container '{nameOrId}' failed: {EngineErrors.Sentence(error)}")
            : (int)answer.StatusCode;
    }

    /// <inheritdoc/>
    public async Task<string> GetContainerLogsAsync(string nameOrId, CancellationToken cancellationToken)
    {
        // A character may be cut by a frame's end, so text is decoded only when all is together.
        using var written = new MemoryStream();
        var parameters = new Models.ContainerLogsParameters { ShowStdout = true, ShowStderr = true };
        try
        {
            await _call.RunAsync(
                async (client, token) =>
                {
                    using var output = await client.Containers
                        .GetContainerLogsAsync(ContainerPart(nameOrId), parameters, token).ConfigureAwait(false);
                    await output.CopyOutputToAsync(Stream.Null, written, written, token).ConfigureAwait(false);
                },
                DockerCall.Short,
                cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception))
        {
            throw new ClusterException(ErrorCode.NotFound, $"Docker: the container '{nameOrId}' couldn't be found.", exception);
        }

        return Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
    }

    /// <inheritdoc/>
    public async Task<Image?> FindImageAsync(string reference, CancellationToken cancellationToken)
    {
        using var exchange = new EngineExchange(DockerCall.Long, cancellationToken);
        var message = await _call.FindAsync(
            "image",
            (client, token) => client.Images.InspectImageAsync(ImageReference.Path(reference), token),
            exchange).ConfigureAwait(false);
        return message is null
            ? null
            : ContainerMapping.ToModel(message, exchange.ReadAnswer("image", DockerJson.Default.ImageRest));
    }

    /// <inheritdoc/>
    public Task PullImageAsync(string reference, IProgress<string>? progress, CancellationToken cancellationToken) =>
        ImagePull.RunAsync(_call, reference, progress, cancellationToken);

    /// <inheritdoc/>
    public async Task ImportImageAsync(string reference, Stream archive, CancellationToken cancellationToken)
    {
        var image = ImageReference.Parse(reference);
        var parameters = new Models.ImagesCreateParameters { Repo = image.Name, Tag = image.Tag };
        await _call.RunAsync(
            (client, token) => client.Images.CreateImageAsync(parameters, archive, authConfig: null, SilentReport.Instance, token),
            DockerCall.Long,
            cancellationToken).ConfigureAwait(false);

        // What goes wrong later is told in an answer that began with success.
        _ = await FindImageAsync(reference, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(ErrorCode.Internal, $"Docker: the image '{reference}' could not be made of the archive.");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EngineVolume>> ListVolumesAsync(string? driver, CancellationToken cancellationToken)
    {
        // The engine wants the whole name, which has a tag if the driver is a managed plugin.
        var parameters = driver is null ? null : new Models.VolumesListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
            {
                ["driver"] = AnyOf(driver, driver + ":latest"),
            },
        };
        var list = await _call.AskAsync(
            "list of volumes",
            (client, token) => client.Volumes.ListAsync(parameters, token),
            DockerCall.Long,
            cancellationToken).ConfigureAwait(false);
        return (list.Volumes ?? []).Select(ContainerMapping.ToModel).ToArray();
    }

    /// <inheritdoc/>
    public async Task<EngineVolume> CreateVolumeAsync(
        string name,
        string driver,
        IReadOnlyDictionary<string,
        string> options,
        IReadOnlyDictionary<string,
        string> labels,
        CancellationToken cancellationToken)
    {
        var wanted = new Models.VolumesCreateParameters
        {
            Name = name,
            Driver = driver,
            DriverOpts = options.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            Labels = labels.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
        return ContainerMapping.ToModel(await _call.AskAsync(
            "volume",
            (client, token) => client.Volumes.CreateAsync(wanted, token),
            DockerCall.Long,
            cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<EngineVolume?> FindVolumeAsync(string name, CancellationToken cancellationToken)
    {
        using var exchange = new EngineExchange(DockerCall.Long, cancellationToken);
        var message = await _call.FindAsync(
            "volume",
            (client, token) => client.Volumes.InspectAsync(VolumePart(name), token),
            exchange,
            SaysNoVolume).ConfigureAwait(false);
        return message is null ? null : ContainerMapping.ToModel(message);
    }

    /// <inheritdoc/>
    public async Task RemoveVolumeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _call.RunAsync(
                (client, token) => client.Volumes.RemoveAsync(VolumePart(name), force: null, token),
                DockerCall.Long,
                cancellationToken,
                conflict: ErrorCode.Busy).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception) && SaysNoVolume(exception.Message))
        {
            // Gone is what was asked for.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();

    // A driver that is away is answered with 404 too, which must never read as "no such volume".
    private static bool SaysNoVolume(string message) => message.ContainsIgnoreCase("no such volume");

    private static string ContainerPart(string nameOrId) => DockerCall.Part("a container", nameOrId);

    private static string VolumePart(string name) => DockerCall.Part("a volume", name);

    private static Dictionary<string, bool> AnyOf(params string[] values) =>
        values.Distinct(StringComparer.Ordinal).ToDictionary(value => value, _ => true, StringComparer.Ordinal);

    private async Task WaitUntilGoneAsync(string nameOrId, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DockerCall.Short);
        try
        {
            while (await FindContainerAsync(nameOrId, limit.Token).ConfigureAwait(false) is not null)
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
