using System.Net.Http;

namespace HedvigStorage.Client.Compatibility;

/// <summary>Reading with a token, which netstandard2.0 lacks.</summary>
internal static class ContentReading
{
    private const int BufferLength = 16 << 10;

    /// <summary>Reads all of a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="most">How many bytes it may have.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It is longer, or shorter than it says.</exception>
    public static async Task<byte[]> ReadBytesAsync(this HttpContent content, int most, CancellationToken cancellationToken)
    {
        using var stream = await content.OpenReadAsync(cancellationToken).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        var buffer = new byte[BufferLength];
        while (await stream.ReadPartAsync(buffer, 0, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (bytes.Length + read > most)
            {
                throw new IOException("an answer is longer than a client reads");
            }

            bytes.Write(buffer, 0, read);
        }

        return content.Headers.ContentLength is { } said && bytes.Length < said
            ? throw new IOException("the connection was closed within an answer")
            : bytes.ToArray();
    }

#if NET8_0_OR_GREATER
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken) =>
        content.ReadAsByteArrayAsync(cancellationToken);

    public static Task<Stream> OpenReadAsync(this HttpContent content, CancellationToken cancellationToken) =>
        content.ReadAsStreamAsync(cancellationToken);

    public static async Task<string?> NextLineAsync(this StreamReader reader, CancellationToken cancellationToken) =>
        await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);

    public static async Task<bool> FillAsync(this Stream stream, byte[] buffer, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false) == buffer.Length;

    private static async Task<int> ReadPartAsync(this Stream stream, byte[] buffer, int start, CancellationToken cancellationToken) =>
        await stream.ReadAsync(buffer.AsMemory(start), cancellationToken).ConfigureAwait(false);
#else
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<byte[]>(cancellationToken) : content.ReadAsByteArrayAsync();

    public static Task<Stream> OpenReadAsync(this HttpContent content, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<Stream>(cancellationToken) : content.ReadAsStreamAsync();

    public static Task<string?> NextLineAsync(this StreamReader reader, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<string?>(cancellationToken) : reader.ReadLineAsync()!;

    public static async Task<bool> FillAsync(this Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < buffer.Length
            && await stream.ReadPartAsync(buffer, filled, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            filled += read;
        }

        return filled == buffer.Length;
    }

    private static Task<int> ReadPartAsync(this Stream stream, byte[] buffer, int start, CancellationToken cancellationToken) =>
        stream.ReadAsync(buffer, start, buffer.Length - start, cancellationToken);
#endif
}
