using System.Collections.Concurrent;
using System.Net.Http;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// Stands on a driver's socket between the engine and the plugin host: passes every call on unchanged, and keeps it with its answer.
/// Every engine of the machine sees the socket, so a call is kept with the process that made it.
/// </summary>
internal sealed class CallRecorder : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedCall> _calls = new();
    private readonly string _socket;
    private readonly HttpClient _plugin;
    private WebApplication? _server;

    private CallRecorder(string socket, string pluginSocket)
    {
        _socket = socket;
        _plugin = SocketClient.Create(pluginSocket, keepsConnections: false);
        _plugin.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>Gets all calls in the order of their answers.</summary>
    public IReadOnlyList<RecordedCall> All => [.. _calls];

    /// <summary>Begins to listen.</summary>
    /// <param name="socket">The driver's socket, which the engines find.</param>
    /// <param name="pluginSocket">The plugin host's own.</param>
    public static async Task<CallRecorder> StartAsync(string socket, string pluginSocket)
    {
        var recorder = new CallRecorder(socket, pluginSocket);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.ConfigureKestrel(options => options.ListenUnixSocket(socket));
        recorder._server = builder.Build();
        recorder._server.Run(recorder.PassOnAsync);
        await recorder._server.StartAsync();
        return recorder;
    }

    /// <summary>Finds the calls of a kind for a volume.</summary>
    /// <param name="call">The kind, such as <c>Mount</c>.</param>
    /// <param name="volume">The volume.</param>
    public IReadOnlyList<RecordedCall> Of(string call, string volume) => [.. All.Where(made => made.Call == call && made.Volume == volume)];

    /// <summary>Counts what was done with a volume: made, removed, mounted, unmounted.</summary>
    /// <param name="volume">The volume.</param>
    public (int Creates, int Removes, int Mounts, int Unmounts) Count(string volume) =>
        (Of("Create", volume).Count, Of("Remove", volume).Count, Of("Mount", volume).Count, Of("Unmount", volume).Count);

    /// <summary>Counts the calls of a kind of each engine that made any.</summary>
    /// <param name="call">The kind, such as <c>Activate</c>.</param>
    public IReadOnlyCollection<int> PerEngine(string call) =>
        [.. All.Where(made => made.Call == call).GroupBy(made => made.Engine, (_, calls) => calls.Count())];

    /// <summary>Makes a call as an engine would, which is not kept.</summary>
    /// <param name="call">The call, such as <c>Mount</c>.</param>
    /// <param name="body">The body; it may be empty.</param>
    public async Task<RecordedCall> AskAsync(string call, string body)
    {
        using var response = await SendAsync("VolumeDriver." + call, Encoding.UTF8.GetBytes(body), CancellationToken.None);
        return new RecordedCall(
            Environment.ProcessId, call, string.Empty, (int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Ends the uses whose Unmount the engine owes, as an engine that was killed does.</summary>
    public async Task EndOwedUsesAsync()
    {
        foreach (var mount in All.Where(made => made is { Call: "Mount", Error.Length: 0 }).GroupBy(made => (made.Volume, made.Id)))
        {
            var ended = All.Count(made => made is { Call: "Unmount", Error.Length: 0 } && (made.Volume, made.Id) == mount.Key);
            for (; ended < mount.Count(); ended++)
            {
                _ = await AskAsync("Unmount", mount.First().Body);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_socket);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _plugin.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        var path = context.Request.Path.Value!.TrimStart('/');
        var call = path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var body = Encoding.UTF8.GetString(content.ToArray());
        var engine = ProcessOf(context.Features.Get<IConnectionSocketFeature>()!.Socket);
        try
        {
            using var response = await SendAsync(path, content.ToArray(), context.RequestAborted);
            var answer = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
            _calls.Enqueue(new RecordedCall(engine, call, body, (int)response.StatusCode, Encoding.UTF8.GetString(answer)));
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
        catch (HttpRequestException)
        {
            _calls.Enqueue(new RecordedCall(engine, call, body, 0, string.Empty));
            context.Abort();
        }
    }

    private Task<HttpResponseMessage> SendAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        _plugin.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(body), cancellationToken);

    // unix(7): SO_PEERCRED of SOL_SOCKET; the process is the first of three numbers.
    private static int ProcessOf(Socket socket)
    {
        const int SocketLevel = 1;
        const int PeerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        _ = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BitConverter.ToInt32(credentials);
    }
}
