using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace HedvigStorage.Benchmarks;

/// <summary>One kept-alive connection that does as little as can be, for it shares the processors with what is measured.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _host;
    private byte[] _buffer = new byte[64 << 10];

    public LoadConnection(Uri address)
    {
        _host = address.Authority;
        _socket.Connect(IPAddress.Parse(address.Host), address.Port);
    }

    public byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_host}\r\n\r\n");

    public byte[] Post(string type, string parameters, string? session)
    {
        var json = $$"""{"type":"{{type}}","category":"VirtualDiskManagement","params":{{parameters}}{{(session is null ? string.Empty : $",\"sessionId\":\"{session}\"")}}}""";
        var body = "request=" + Uri.EscapeDataString(json);
        return Encoding.ASCII.GetBytes(
            $"POST /rest/ HTTP/1.1\r\nHost: {_host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + $"{body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}");
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <returns>The body, valid until the next request.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(byte[] request)
    {
        _ = await _socket.SendAsync(request);
        var (read, start, length) = (0, 0, -1);
        while (length < 0 || read < start + length)
        {
            if (read == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var count = await _socket.ReceiveAsync(_buffer.AsMemory(read));
            read += count > 0 ? count : throw new InvalidOperationException("The connection was closed.");
            if (length < 0)
            {
                (start, length) = FindBody(_buffer.AsSpan(0, read));
            }
        }

        return _buffer.AsMemory(start, length);
    }

    public async Task<JsonElement> AskJsonAsync(byte[] request)
    {
        using var document = JsonDocument.Parse(await AskAsync(request));
        return document.RootElement.GetProperty("status").GetString() == "ok"
            ? document.RootElement.Clone()
            : throw new InvalidOperationException(document.RootElement.ToString());
    }

    public void Dispose() => _socket.Dispose();

    private static (int Start, int Length) FindBody(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return (0, -1);
        }

        var head = answer[..end];
        if (!head.StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(head));
        }

        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            throw new InvalidOperationException("The answer has no length.");
        }

        var digits = head[(at + 16)..];
        var line = digits.IndexOf((byte)'\r');
        return (end + 4, int.Parse(line < 0 ? digits : digits[..line], NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
