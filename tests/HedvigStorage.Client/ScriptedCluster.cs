using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Tests;

/// <summary>A request as it came over the wire.</summary>
internal sealed record SeenRequest(string Method, string Url, string ContentType, JsonElement Body)
{
    public string Type => Body.GetProperty("type").GetString()!;

    public string Category => Body.GetProperty("category").GetString()!;

    public string? SessionId => Body.TryGetProperty("sessionId", out var id) ? id.GetString() : null;

    public JsonElement Parameters => Body.GetProperty("params");
}

/// <summary>
/// A cluster's node that answers as a test wants. Login and Capabilities have answers of their own until a test gives others.
/// </summary>
internal sealed class ScriptedCluster : IDisposable
{
    public const string User = "HedvigAdmin";
    public const string Password = "s3cret+ä&=";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, Func<SeenRequest, string>> _answers = new(StringComparer.Ordinal);
    private int _logins;

    public ScriptedCluster(bool extension = true)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        _listener.Prefixes.Add(Address + "rest/");
        _listener.Start();
        On("Login", _ => Ok($$"""{"sessionId":"session{{Interlocked.Increment(ref _logins)}}"}"""));
        On("Capabilities", _ => extension
            ? Ok("""{"engine":"Embedded","version":"0.1.0","volumeTypes":["BLOCK"],"honouredAttributes":[],"minimumVolumeBytes":1,"maximumVolumeBytes":1099511627776}""")
            : Failed("failure", "Unknown request type"));
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static string Ok(string result) => $$"""{"status":"ok","result":{{result}}}""";

    public static string Failed(string status, string message, string? code = null) =>
        new JsonObject { ["status"] = status, ["message"] = message, ["code"] = code }.ToJsonString();

    public static string Volume(string name, long size = 1 << 30) =>
        $$"""{"name":"{{name}}","diskType":"BLOCK","sizeBytes":{{size}},"protected":false,"snapshotCount":0}""";

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void On(string type, Func<SeenRequest, string> answer) => _answers[type] = answer;

    public void On(string type, string answer) => On(type, _ => answer);

    public SeenRequest[] SeenOf(string type) =>
        Seen.Where(request => string.Equals(request.Type, type, StringComparison.Ordinal)).ToArray();

    public Cluster.HedvigCluster Connect(TimeSpan? timeout = null, params Uri[] before) => new(new ClusterConnection
    {
        Nodes = [.. before, Address],
        Credential = new Credential(User, Password),
        RequestTimeout = timeout ?? TimeSpan.FromSeconds(30),
    });

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var form = await reader.ReadToEndAsync();
            var body = JsonDocument.Parse(Uri.UnescapeDataString(form["request=".Length..])).RootElement;
            var request = new SeenRequest(
                context.Request.HttpMethod, context.Request.RawUrl!, context.Request.ContentType ?? string.Empty, body);
            Seen.Enqueue(request);
            var answer = Encoding.UTF8.GetBytes(
                _answers.TryGetValue(request.Type, out var script)
                    ? script(request)
                    : Failed("failure", $"{request.Type} is not implemented"));
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
        catch (AbortConnectionException)
        {
            // The answer begins and does not end.
            context.Response.ContentLength64 = 100;
            await context.Response.OutputStream.WriteAsync("{"u8.ToArray());
            context.Response.Abort();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client has gone, or the test has ended.
        }
    }
}

/// <summary>What a script throws to break the connection instead of answering.</summary>
internal sealed class AbortConnectionException : Exception;
