using System.Net.Http;

namespace HedvigStorage.Client.Compatibility;

/// <summary>Reading with a token, which netstandard2.0 lacks.</summary>
internal static class ContentReading
{
#if NET8_0_OR_GREATER
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsByteArrayAsync(cancellationToken);

    public static Task<Stream> OpenReadAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsStreamAsync(cancellationToken);

    public static async Task<string?> NextLineAsync(this StreamReader reader, CancellationToken cancellationToken) => await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);

    public static async Task<bool> FillAsync(this Stream stream, byte[] buffer, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == buffer.Length;
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
        while (filled < buffer.Length && await stream.ReadAsync(buffer, filled, buffer.Length - filled, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            filled += read;
        }

        return filled == buffer.Length;
    }
#endif
}
