using HedvigStorage.Files;

namespace HedvigStorage.Cli.Connections;

/// <summary>Writes a file that is whole or not there, and its owner's alone: a plan and an export tell what a site is made of.</summary>
internal static class OutputFile
{
    /// <summary>Writes a text as UTF-8, with one line break at its end.</summary>
    /// <exception cref="ClusterException">It cannot be written; what was there before is still there.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            // Two may write one file at the same time, so each has an unfinished one of its own.
            var unfinished = $"{path}.{Guid.NewGuid():N}{DurableFile.Unfinished}";
            DurableFile.Write(path, Encoding.UTF8.GetBytes(text.TrimEnd() + "\n"), DurableFile.OwnerOnly, unfinished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
