namespace HedvigStorage.Cli.Connections;

/// <summary>Writes a file that is whole or not there, and its owner's alone: a plan and an export tell what a site is made of.</summary>
internal static class OutputFile
{
    /// <summary>Writes a text as UTF-8, with one line break at its end.</summary>
    /// <exception cref="ClusterException">It cannot be written; what was there before is still there.</exception>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(text.TrimEnd() + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            TryDelete(temporary);
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{path}' cannot be written: {e.Message}", e);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The folder is not there, or takes no files: that is what is being told.
        }
    }
}
