using System.Runtime.InteropServices;

namespace HedvigStorage.Files;

/// <summary>
/// Writes files whole: whatever happens, the old content or the new one is there, and when a write has returned the new one is on disk.
/// It goes into a file beside the old one, which is flushed before it takes the old one's name; the folder is flushed after.
/// </summary>
public static class DurableFile
{
    /// <summary>The mode of a file that nobody but its owner may read or write: 0600.</summary>
    public const int OwnerOnly = 0x180;

    /// <summary>What is added to a file's name while its next content is written, where no other name is given.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Names an unfinished file that nobody else writes: two may write one file at the same time.</summary>
    /// <param name="path">The file that it becomes.</param>
    public static string OwnUnfinished(string path) => $"{path}.{Guid.NewGuid():N}{Unfinished}";

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What is to stand in it.</param>
    /// <param name="mode">
    /// Its permissions on Linux and other Unix systems, such as <see cref="OwnerOnly"/>; nobody else can open it before it has them. The
    /// process's own choice if <see langword="null"/>.
    /// </param>
    /// <param name="temporary">
    /// The path of the unfinished file, in the same folder: one that nobody else writes. The file's with <see cref="Unfinished"/> if
    /// <see langword="null"/>.
    /// </param>
    /// <exception cref="IOException">It cannot be written; the old content is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old content is there.</exception>
    public static void Write(string path, byte[] content, int? mode = null, string? temporary = null) =>
        Write(path, file => file.Write(content, 0, content.Length), mode, temporary);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes what is to stand in it.</param>
    /// <param name="mode">Its permissions, as of the other form.</param>
    /// <param name="temporary">The path of the unfinished file, as of the other form.</param>
    /// <exception cref="IOException">It cannot be written; the old content is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old content is there.</exception>
    public static void Write(string path, Action<FileStream> write, int? mode = null, string? temporary = null)
    {
        var unfinished = temporary ?? path + Unfinished;
        Replace(
            path,
            unfinished,
            mode is null ? CreateNew : CreatePrivate,
            file =>
            {
                write(file);
                if (mode is { } bits and not OwnerOnly)
                {
                    UnixMode.Set(unfinished, bits);
                }
            },
            Rename);
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a file whose content arrives little by little.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes what is to stand in it. If it fails, the old content is there.</param>
    /// <exception cref="IOException">It cannot be written; the old content is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old content is there.</exception>
    public static async Task WritePrivateAsync(string path, Func<FileStream, Task> write)
    {
        using (var file = new UnfinishedFile(OwnUnfinished(path), CreatePrivate))
        {
            await write(file.Content).ConfigureAwait(false);
            file.Complete(path, Rename);
        }

        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a file where the system has its own ways to make a private one and to rename it durably.</summary>
    /// <param name="path">The file.</param>
    /// <param name="unfinished">The path of the unfinished file, in the same folder.</param>
    /// <param name="create">Makes the unfinished file.</param>
    /// <param name="write">Writes what is to stand in it.</param>
    /// <param name="rename">Gives the unfinished file, the first, the name of the second in the place of what bears it.</param>
    public static void Replace(
        string path, string unfinished, Func<string, FileStream> create, Action<FileStream> write, Action<string, string> rename)
    {
        // What a crash has left of an earlier write.
        File.Delete(unfinished);
        using var file = new UnfinishedFile(unfinished, create);
        write(file.Content);
        file.Complete(path, rename);
    }

    private static FileStream CreateNew(string path) => new(path, FileMode.CreateNew, FileAccess.Write);

    private static FileStream CreatePrivate(string path)
    {
        // Whoever opened it before its mode is set could read later what is written then.
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && NativeFiles.CreateNew(path, OwnerOnly) is { } handle)
        {
            return new FileStream(handle, FileAccess.Write);
        }

        var file = CreateNew(path);
        UnixMode.Set(path, OwnerOnly);
        return file;
    }

    // Where the system's call fails, .NET says why.
    private static void Rename(string unfinished, string path)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && NativeFiles.Rename(unfinished, path))
        {
            return;
        }

        if (File.Exists(path))
        {
            File.Replace(unfinished, path, destinationBackupFileName: null);
        }
        else
        {
            File.Move(unfinished, path);
        }
    }
}
