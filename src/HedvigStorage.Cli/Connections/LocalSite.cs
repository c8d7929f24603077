using System;
using System.IO;

namespace HedvigStorage.Cli.Connections;

/// <summary>The folder <c>.hedvig</c>, in which the quick start keeps its embedded cluster. It is looked for upwards, as git looks for its own.</summary>
internal sealed class LocalSite
{
    private const string FolderName = ".hedvig";

    private LocalSite(string directory) => Directory = directory;

    public string Directory { get; }

    public string ClusterData => Path.Combine(Directory, "cluster");

    public string CredentialFile => Path.Combine(ClusterData, "credential.json");

    /// <summary>The one in the working directory, there or not.</summary>
    public static LocalSite Here() => new(Path.Combine(System.IO.Directory.GetCurrentDirectory(), FolderName));

    /// <summary>The nearest one upwards that holds a cluster, or the one here.</summary>
    public static LocalSite Nearest()
    {
        for (var directory = new DirectoryInfo(System.IO.Directory.GetCurrentDirectory()); directory is not null; directory = directory.Parent)
        {
            var site = new LocalSite(Path.Combine(directory.FullName, FolderName));
            if (System.IO.Directory.Exists(site.ClusterData))
            {
                return site;
            }
        }

        return Here();
    }

    /// <summary>A path as a person in the working directory would write it.</summary>
    public static string Shown(string path)
    {
        var relative = Path.GetRelativePath(System.IO.Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
