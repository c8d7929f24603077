using System.Net;
using System.Net.Http;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Docker;

/// <summary>Reads an HTTP/1.1 answer from a stream. Source: RFC 9112.</summary>
internal sealed class HttpStreamReader(Stream stream) : IDisposable
{
    private const int LongestLine = 16 << 10;
    private const int MostHeaders = 200;

    private readonly byte[] _buffer = new byte[8 << 10];
    private int _start;
    private int _end;

    /// <summary>Reads the status and the headers; the content of the answer reads the rest, and closes the stream.</summary>
    public async Task<HttpResponseMessage> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = ParseStatus(await ReadLineAsync(cancellationToken).ConfigureAwait(false));
            var response = new HttpResponseMessage((HttpStatusCode)status);
            var chunked = await ReadHeadersAsync(response, cancellationToken).ConfigureAwait(false);
            if (status is >= 100 and < 200)
            {
                // An interim answer; the real one follows.
                response.Dispose();
                continue;
            }

            var length = status is 204 or 304 ? 0 : response.Content?.Headers.ContentLength;
            var body = new HttpBodyStream(this, chunked, length);
            var headers = response.Content?.Headers;
            response.Content = new StreamContent(body);
            if (headers?.ContentType is { } contentType)
            {
                response.Content.Headers.ContentType = contentType;
            }

            return response;
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Reads a line without its end.</summary>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new IOException("the connection was closed within an answer");
            }

            var value = _buffer[_start++];
            if (value == (byte)'\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            if (line.Append((char)value).Length > LongestLine)
            {
                throw new IOException("an answer has a line of more than 16 KB");
            }
        }
    }

    /// <summary>Reads what is there, 0 bytes at the end.</summary>
    public async Task<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var taken = Math.Min(target.Length, _end - _start);
        _buffer.AsMemory(_start, taken).CopyTo(target);
        _start += taken;
        return taken;
    }

    private static int ParseStatus(string line) =>
        line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line.Split(' ') is { Length: > 1 } parts
        && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and < 600
            ? status
            : throw new IOException("the answer is not HTTP/1.1");

    private async Task<bool> ReadHeadersAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var chunked = false;
        response.Content = new ByteArrayContent([]);
        response.Content.Headers.ContentLength = null;
        long? length = null;
        for (var count = 0; count < MostHeaders; count++)
        {
            var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (line.Length == 0)
            {
                response.Content.Headers.ContentLength = chunked ? null : length;
                return chunked;
            }

            var colon = line.IndexOf(':');
            var name = colon > 0 ? line.Substring(0, colon) : throw new IOException("an answer has a header without a name");
            var value = line.Substring(colon + 1).Trim();
            if (string.Equals(name, "Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                chunked = value.ContainsIgnoreCase("chunked");
            }
            else if (string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                length = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new IOException("an answer has a length that is not a number");
            }
            else if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                _ = response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        throw new IOException("an answer has more than 200 headers");
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
#if NET8_0_OR_GREATER
        _end = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
#else
        _end = await stream.ReadAsync(_buffer, 0, _buffer.Length, cancellationToken).ConfigureAwait(false);
#endif
        return _end > 0;
    }
}
