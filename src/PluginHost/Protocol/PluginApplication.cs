using System.Buffers;
using System.Text.Json;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Volumes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Protocol;

/// <summary>
/// Answers the calls of the volume plugin protocol. It is Kestrel's application itself, without host, routing or middleware:
/// there are nine paths, and start-up time and memory count.
/// </summary>
internal sealed class PluginApplication : IHttpApplication<IFeatureCollection>
{
    private const int MaximumBodyBytes = 1 << 20;
    private readonly VolumeDriver _driver;
    private readonly Func<PluginStatus> _status;
    private readonly ILogger _log;

    public PluginApplication(VolumeDriver driver, Func<PluginStatus> status, ILogger log)
    {
        _driver = driver;
        _status = status;
        _log = log;
    }

    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        try
        {
            if (string.Equals(request.Path, "/HedvigStorage.Status", StringComparison.Ordinal))
            {
                await WriteAsync(
                    context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(_status(), StatusJson.Default.PluginStatus));
                return;
            }

            var answer = await AnswerAsync(request, context);
            await WriteAsync(
                context,
                answer is null ? StatusCodes.Status404NotFound : StatusOf(answer),
                answer ?? new PluginAnswer
                {
                    Err = $"There is no call '{ObjectName.Printable(request.Path)}' in the volume plugin protocol.",
                });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await RefuseAsync(context, request.Path, exception);
        }
    }

    // An error has a status of its own and is told in the body: Podman looks at the status alone, and dockerd reads the body of both.
    // Sources: containers/podman, libpod/plugin/volume_api.go, handleErrorResponse; moby, pkg/plugins/client.go, callWithRetry.
    private static int StatusOf(PluginAnswer answer) =>
        string.IsNullOrEmpty(answer.Err) ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;

    private async Task RefuseAsync(IFeatureCollection context, string call, Exception exception)
    {
        if (exception is not ClusterException)
        {
            PluginLog.CallBroke(_log, call, exception);
        }

        if (call is "/VolumeDriver.Get" && exception is not ClusterException { Code: ErrorCode.InvalidArgument })
        {
            // dockerd takes any answer but a volume as "not there" and then forgets the volume, its options and labels. A broken
            // connection is the one thing that it takes as an outage: it tries again for some 15 s and then reports it.
            PluginLog.GetNotAnswered(_log, exception.Message);
            context.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
            return;
        }

        var answer = new PluginAnswer
        {
            Err = exception is ClusterException
                ? exception.Message
                : $"The plugin host failed in an unexpected way: {exception.Message} Its log says more.",
        };
        await WriteAsync(context, StatusOf(answer), answer);
    }

    private async ValueTask<PluginAnswer?> AnswerAsync(IHttpRequestFeature request, IFeatureCollection context)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return null;
        }

        switch (request.Path)
        {
            case "/Plugin.Activate":
                return new PluginAnswer { Implements = ["VolumeDriver"] };
            case "/VolumeDriver.Capabilities":
                return new PluginAnswer { Capabilities = new PluginCapabilities("local"), Err = string.Empty };
            case "/VolumeDriver.List":
                return new PluginAnswer { Volumes = await _driver.ListAsync(), Err = string.Empty };
            case "/VolumeDriver.Create":
                var create = await ReadAsync(request);
                await _driver.CreateAsync(NameOf(create), create.Opts ?? []);
                return new PluginAnswer { Err = string.Empty };
            case "/VolumeDriver.Remove":
                await _driver.RemoveAsync(NameOf(await ReadAsync(request)), EnginePeer.Of(context));
                return new PluginAnswer { Err = string.Empty };
            case "/VolumeDriver.Mount":
                var mount = await ReadAsync(request);
                return new PluginAnswer
                {
                    Mountpoint = await _driver.MountAsync(NameOf(mount), mount.Id ?? string.Empty, EnginePeer.Of(context)),
                    Err = string.Empty,
                };
            case "/VolumeDriver.Unmount":
                var unmount = await ReadAsync(request);
                await _driver.UnmountAsync(NameOf(unmount), unmount.Id ?? string.Empty, EnginePeer.Of(context));
                return new PluginAnswer { Err = string.Empty };
            case "/VolumeDriver.Path":
                return new PluginAnswer { Mountpoint = _driver.PathOf(NameOf(await ReadAsync(request))), Err = string.Empty };
            case "/VolumeDriver.Get":
                var name = NameOf(await ReadAsync(request));
                return await _driver.FindAsync(name) is { } volume
                    ? new PluginAnswer { Volume = volume, Err = string.Empty }
                    : new PluginAnswer { Err = $"no such volume: {ObjectName.Printable(name)}" };
            default:
                return null;
        }
    }

    private static string NameOf(PluginRequest request) => string.IsNullOrEmpty(request.Name)
        ? throw new ClusterException(ErrorCode.InvalidArgument, ObjectName.Describe("volume", request.Name))
        : request.Name;

    // No content type is asked for: dockerd sends none. A repeated request may come without a body (dockerd's buffer is drained by then).
    private static async ValueTask<PluginRequest> ReadAsync(IHttpRequestFeature request)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var length = 0;
            int read;
            while ((read = await request.Body.ReadAsync(buffer.AsMemory(length))) > 0)
            {
                length += read;
                if (length > MaximumBodyBytes)
                {
                    throw new ClusterException(ErrorCode.InvalidArgument, "The request's body is larger than 1 MB.");
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            // Nothing is known about the volume then: a Get must not be taken for "not there".
            return length == 0
                ? throw new ClusterException(
                    ErrorCode.Unreachable, "The request has no body; dockerd's repetition of a lost request can be such. Try again.")
                : JsonSerializer.Deserialize(buffer.AsSpan(0, length), PluginJson.Default.PluginRequest)
                    ?? throw new ClusterException(
                        ErrorCode.InvalidArgument, "The request's body is null; it must be a JSON object with a Name.");
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException or IOException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The request's body is not a JSON object of the volume plugin protocol: {exception.Message}",
                exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Task WriteAsync(IFeatureCollection context, int status, PluginAnswer answer) =>
        WriteAsync(context, status, JsonSerializer.SerializeToUtf8Bytes(answer, PluginJson.Default.PluginAnswer));

    private static async Task WriteAsync(IFeatureCollection context, int status, byte[] body)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        response.Headers.ContentType = "application/vnd.docker.plugins.v1.2+json";
        response.Headers.ContentLength = body.Length;
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>();
        await writer.Writer.WriteAsync(body);
        await writer.CompleteAsync();
    }
}
