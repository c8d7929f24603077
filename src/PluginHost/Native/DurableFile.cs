using System;
using System.IO;

namespace HedvigStorage.PluginHost.Native;

/// <summary>Writes small files so that after a crash the old content or the new one is there, and nothing else.</summary>
internal static class DurableFile
{
    /// <summary>Replaces a file's content; it is on disk when this returns. It blocks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="temporaryDirectory">A directory on the same file system, for the file while it is written.</param>
    /// <param name="content">The new content.</param>
    public static void Write(string path, string temporaryDirectory, ReadOnlySpan<byte> content)
    {
        var temporary = Path.Combine(temporaryDirectory, Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        LibC.SynchronizeDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Removes a file for good; one that is not there is no error. It blocks.</summary>
    /// <param name="path">The file.</param>
    public static void Delete(string path)
    {
        File.Delete(path);
        LibC.SynchronizeDirectory(Path.GetDirectoryName(path)!);
    }
}
