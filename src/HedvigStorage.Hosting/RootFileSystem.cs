#if NET8_0_OR_GREATER
using System.Formats.Tar;

namespace HedvigStorage.Hosting;

/// <summary>Writes files of this machine into an archive of a root file system, each once.</summary>
/// <param name="writer">Where to.</param>
/// <param name="prefix">The folder in the archive that stands for the root, without a slash at its end.</param>
internal sealed class RootFileSystem(TarWriter writer, string prefix)
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Adds a folder, with those above it.</summary>
    public void AddFolder(string path)
    {
        var folder = path.TrimEnd('/');
        if (!_written.Add(folder))
        {
            return;
        }

        if (folder.Length > 0)
        {
            AddFolder(Path.GetDirectoryName(folder)!);
        }

        if (InArchive(folder) is { Length: > 0 } name)
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name + "/") { Mode = Everybody });
        }
    }

    /// <summary>Adds a file. A link is followed: a file is added in its place.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Its path in the plugin.</param>
    public void AddFile(string source, string target)
    {
        using var content = File.OpenRead(source);
        Add(content, target);
    }

    /// <summary>Adds a file with this text.</summary>
    public void AddText(string text, string target)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Add(content, target);
    }

    /// <summary>Adds programs or libraries where they are on this machine, and the libraries that they need.</summary>
    public void AddPrograms(IReadOnlyCollection<string> files)
    {
        foreach (var file in files.Concat(SharedLibraries.Of(files)))
        {
            AddFile(file, file);
        }
    }

    /// <summary>Adds a folder's files and folders.</summary>
    public void AddTree(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            AddFile(file, Path.Combine(target, Path.GetRelativePath(source, file)));
        }
    }

    private void Add(Stream content, string target)
    {
        AddFolder(Path.GetDirectoryName(target)!);
        if (_written.Add(target))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, InArchive(target)) { Mode = Everybody, DataStream = content });
        }
    }

    private string InArchive(string path) => (prefix + path).TrimStart('/');
}
#endif
