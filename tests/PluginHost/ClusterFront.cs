using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HedvigStorage.Protocol;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>Serves a fake cluster to a process of its own: those requests of the protocol that mounting needs.</summary>
internal sealed class ClusterFront : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly FakeCluster _cluster;

    public ClusterFront(FakeCluster cluster)
    {
        _cluster = cluster;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        probe.Stop();
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            // One at a time would let a client that was killed while it was answered hold up the next one.
            _ = Task.Run(() => ServeAsync(context));
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var form = await reader.ReadToEndAsync();
            using var request = JsonDocument.Parse(WebUtility.UrlDecode(form["request=".Length..]));
            var envelope = await AnswerAsync(request.RootElement);
            var body = JsonSerializer.SerializeToUtf8Bytes(envelope, ProtocolJson.Default.ResponseEnvelope);
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The test kills its clients.
        }
    }

    private async Task<ResponseEnvelope> AnswerAsync(JsonElement request)
    {
        var type = request.GetProperty("type").GetString()!;
        _ = request.TryGetProperty("params", out var parameters);
        JsonElement? result = type switch
        {
            "Login" =>
                JsonSerializer.SerializeToElement(
                    new LoginResult { SessionId = "session", UserName = "HedvigAdmin" }, ProtocolJson.Default.LoginResult),
            "Capabilities" =>
                JsonSerializer.SerializeToElement(new CapabilitiesResult { Engine = "Embedded" }, ProtocolJson.Default.CapabilitiesResult),
            "Attach" => await AttachAsync(parameters),
            "RenewAttachments" =>
                JsonSerializer.SerializeToElement(
                    new AttachmentsResult(await RenewAsync(parameters)), ProtocolJson.Default.AttachmentsResult),
            "Detach" => await DetachAsync(parameters),
            _ => null,
        };
        if (result is null && type is not "Detach")
        {
            return new ResponseEnvelope
            {
                Status = StatusWords.Failure,
                Code = nameof(ErrorCode.Unsupported),
                Type = type,
                RequestId = "1",
                Message = $"The front does not answer {type}.",
            };
        }

        return new ResponseEnvelope { Status = "ok", Type = type, RequestId = "1", Result = result };
    }

    private async Task<JsonElement> AttachAsync(JsonElement parameters)
    {
        var attached = await _cluster.AttachAsync(
            new AttachmentRequest
            {
                Volume = Text("virtualDisk"),
                Host = Text("host"),
                HostId = Optional("hostId"),
                BootId = Text("bootId"),
                MachineId = Text("machineId"),
            },
            default);
        return JsonSerializer.SerializeToElement(
            new AttachResult(
                attached.Attachment.ToMessage(), attached.Volume.ToMessage(), new DeviceMessage(attached.DeviceKind, attached.DevicePath)),
            ProtocolJson.Default.AttachResult);

        string Text(string name) => parameters.GetProperty(name).GetString()!;
        string? Optional(string name) => parameters.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private async Task<IReadOnlyList<AttachmentMessage>> RenewAsync(JsonElement parameters) =>
        [.. (
            await _cluster.RenewAttachmentsAsync(
                HolderOf(parameters),
                [.. parameters.GetProperty("virtualDisks").EnumerateArray().Select(name => name.GetString()!)],
                default))
            .Select(lease => lease.ToMessage())];

    private async Task<JsonElement?> DetachAsync(JsonElement parameters)
    {
        await _cluster.DetachAsync(parameters.GetProperty("virtualDisk").GetString()!, HolderOf(parameters), 0, default);
        return null;
    }

    // Whoever detaches does not tell its boot.
    private AttachmentHolder HolderOf(JsonElement parameters) => new()
    {
        Host = parameters.GetProperty("host").GetString()!,
        HostId = parameters.TryGetProperty("hostId", out var id) ? id.GetString() : null,
        BootId = parameters.TryGetProperty("bootId", out var boot)
            ? boot.GetString()!
            : _cluster.Volume(parameters.GetProperty("virtualDisk").GetString()!)?.Attachment?.BootId ?? string.Empty,
    };
}
