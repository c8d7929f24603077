namespace HedvigStorage.Documents;

/// <summary>
/// Reads documents and secrets as text. Bytes that are not text of the file's encoding are an error: replacement characters in their place
/// would be another password or another name, which nobody sees.
/// </summary>
public static class StrictText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file: UTF-8, or UTF-16 with the mark that Windows PowerShell begins such files with.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be read, or is not text; the message says which and begins with a capital
    /// letter.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadFile(string path) => Decode(File.ReadAllBytes(path));

    /// <summary>Reads a stream to its end, as <see cref="ReadFile"/> reads a file.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="IOException">It cannot be read, or is not text.</exception>
    public static string Read(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Decode(content.ToArray());
    }

    /// <summary>Gets a variable of the environment, or <see langword="null"/> if it is not set or empty.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: its value was not UTF-8 text.</exception>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) switch
    {
        null or "" => null,
        // The runtime has put this in the place of what it could not read; the value itself is lost.
        { } value when value.Contains("\uFFFD") =>
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The environment variable {name} is not UTF-8 text. Give it in UTF-8, or in a file."),
        { } value => value,
    };

    private static string Decode(byte[] content)
    {
        var (encoding, mark) = content switch
        {
            [0xEF, 0xBB, 0xBF, ..] => ((Encoding)Utf8, 3),
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), 2),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), 2),
            _ => (Utf8, 0),
        };
        try
        {
            return encoding.GetString(content, mark, content.Length - mark);
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException(
                $"It is not {(mark == 2 ? "UTF-16" : "UTF-8")} text: the byte at position {mark + Math.Max(e.Index, 0) + 1} does not fit. "
                    + "Save it as UTF-8.",
                e);
        }
    }
}
