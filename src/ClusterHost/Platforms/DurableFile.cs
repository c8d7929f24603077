namespace HedvigStorage.ClusterHost.Platforms;

/// <summary>Writes small files of the data directory, readable by its user only: afterwards the old content or the new one is there, whole, whatever happens.</summary>
internal static class DurableFile
{
    /// <summary>Writes a file, durably.</summary>
    /// <exception cref="IOException">It cannot be written; the old one is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old one is there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var files = RunningSystem.Current.PrivateFiles;
        var temporary = path + ".tmp";
        File.Delete(temporary);
        using (var file = files.CreateNew(temporary))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        files.Replace(temporary, path);
    }
}
