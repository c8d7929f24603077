using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// Speaks the Docker volume plugin protocol as dockerd does: POST, JSON without a content type, over a unix socket that is kept open.
/// </summary>
internal sealed class PluginClient : IDisposable
{
    private readonly HttpClient _http;

    public PluginClient(string socket) => _http = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://plugin"), Timeout = Timeout.InfiniteTimeSpan };

    public async Task<JsonElement> AskAsync(string call, object body)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        using var response = await _http.PostAsync(new Uri("/" + call, UriKind.Relative), content);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.TryGetProperty("Err", out var error) && error.GetString() is { Length: > 0 } message
            ? throw new InvalidOperationException($"{call}: {message}")
            : document.RootElement.Clone();
    }

    /// <summary>Create, mount, unmount, remove.</summary>
    public async Task CycleAsync(string name, IReadOnlyDictionary<string, string> options)
    {
        _ = await AskAsync("VolumeDriver.Create", new { Name = name, Opts = options });
        _ = await AskAsync("VolumeDriver.Mount", new { Name = name, ID = name });
        _ = await AskAsync("VolumeDriver.Unmount", new { Name = name, ID = name });
        _ = await AskAsync("VolumeDriver.Remove", new { Name = name });
    }

    public void Dispose() => _http.Dispose();
}
