using HedvigStorage.Files;

namespace HedvigStorage.Cli.Connections;

/// <summary>
/// Writes a file that is whole or not there, and its owner's alone: a plan and an export tell what a site is made of, and a backup more.
/// </summary>
internal static class OutputFile
{
    /// <summary>Writes a text as UTF-8, with one line break at its end.</summary>
    /// <exception cref="ClusterException">It cannot be written; what was there before is still there.</exception>
    public static Task WriteAsync(string path, string text) =>
        WriteAsync(path, async file => await file.WriteAsync(Encoding.UTF8.GetBytes(text.TrimEnd() + "\n")));

    /// <summary>Writes what arrives little by little.</summary>
    /// <exception cref="ClusterException">It cannot be written, or does not arrive; what was there before is still there.</exception>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        try
        {
            await DurableFile.WritePrivateAsync(path, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
