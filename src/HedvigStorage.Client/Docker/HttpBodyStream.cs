namespace HedvigStorage.Client.Docker;

/// <summary>The body of an answer: of a known length, in chunks, or up to the end of the connection. Source: RFC 9112, sections 6 and 7.</summary>
internal sealed class HttpBodyStream(HttpStreamReader reader, bool chunked, long? length) : Stream
{
    private long _left = chunked ? 0 : length ?? long.MaxValue;
    private bool _firstChunk = true;
    private bool _ended = !chunked && length == 0;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadNextAsync(buffer.AsMemory(offset, count), cancellationToken);

#if NET8_0_OR_GREATER
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await ReadNextAsync(buffer, cancellationToken).ConfigureAwait(false);
#endif

    private async Task<int> ReadNextAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        // Not every stream's own read heeds a token: closing it ends any.
        using var abort = cancellationToken.Register(reader.Dispose);
        try
        {
            if (chunked && _left == 0 && !await NextChunkAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            var read = await reader.ReadAsync(buffer.Slice(0, (int)Math.Min(buffer.Length, _left)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                _ended = true;
                return !chunked && length is null ? 0 : throw new IOException("the connection was closed within an answer");
            }

            _left -= read;
            _ended = !chunked && _left == 0;
            return read;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is IOException or ObjectDisposedException)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<bool> NextChunkAsync(CancellationToken cancellationToken)
    {
        if (!_firstChunk && (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length != 0)
        {
            throw new IOException("an answer has a chunk that is longer than it says");
        }

        _firstChunk = false;
        var line = (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false)).Split(';')[0].Trim();
        if (!long.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
        {
            throw new IOException("an answer has a chunk without a length");
        }

        if (_left > 0)
        {
            return true;
        }

        while ((await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length != 0)
        {
            // Trailers say nothing that is needed here.
        }

        _ended = true;
        return false;
    }
}
