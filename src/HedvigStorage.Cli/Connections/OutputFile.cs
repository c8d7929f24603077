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
        catch (Exception e) when (IsOfTheFile(e))
        {
            throw CannotBeWritten(path, e);
        }
    }

    /// <summary>Writes what arrives little by little.</summary>
    /// <exception cref="ClusterException">It cannot be written, or does not arrive; what was there before is still there.</exception>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        try
        {
            await DurableFile.WritePrivateAsync(path, write);
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            throw CannotBeWritten(path, e);
        }
    }

    private static bool IsOfTheFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static ClusterException CannotBeWritten(string path, Exception e) =>
        new(ErrorCode.InvalidArgument, $"'{path}' cannot be written: {e.Message}", e);
}
