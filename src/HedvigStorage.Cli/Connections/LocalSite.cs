namespace HedvigStorage.Cli.Connections;

/// <summary>
/// The folder <c>.hedvig</c>, in which the quick start keeps its embedded cluster. It is looked for upwards, as git looks for its own, and
/// one that another user may have put in the way is refused, as git refuses: it would name the cluster that this user's documents are
/// applied to, and the files that this user's programs write.
/// </summary>
internal sealed class LocalSite
{
    private const string FolderName = ".hedvig";

    private LocalSite(string directory) => Directory = directory;

    public string Directory { get; }

    public string ClusterData => Path.Combine(Directory, "cluster");

    public string CredentialFile => Path.Combine(ClusterData, "credential.json");

    /// <summary>The one in the working directory, there or not.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it may be another user's work.</exception>
    public static LocalSite Here() => Trusted(new(Path.Combine(System.IO.Directory.GetCurrentDirectory(), FolderName)));

    /// <summary>The nearest one upwards that holds a cluster, or the one here.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it may be another user's work.</exception>
    public static LocalSite Nearest()
    {
        for (var directory = new DirectoryInfo(
            System.IO.Directory.GetCurrentDirectory()); directory is not null; directory = directory.Parent)
        {
            var site = new LocalSite(Path.Combine(directory.FullName, FolderName));
            if (System.IO.Directory.Exists(site.ClusterData))
            {
                return Trusted(site);
            }
        }

        return Here();
    }

    private static LocalSite Trusted(LocalSite site)
    {
        var reason = FileOwner.WhyNotOurs(site.Directory) ?? FileOwner.WhyNotOurs(site.ClusterData) ?? Link(site);
        return reason is null
            ? site
            : throw new ClusterException(
                ErrorCode.Refused,
                $"{reason}, so it is not used by itself. If you trust it, name it: 'hv cluster' takes --data DIR, "
                    + "all else --cluster URL and --credential-file FILE.");
    }

    private static string? Link(LocalSite site)
    {
        var link = Array.Find([site.Directory, site.ClusterData], FileOwner.IsLink)
            ?? Array.Find(Content(site.ClusterData), FileOwner.IsLink);
        return link is null ? null : $"'{link}' is a symbolic link";
    }

    private static string[] Content(string folder)
    {
        try
        {
            return System.IO.Directory.Exists(folder) ? System.IO.Directory.GetFileSystemEntries(folder) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever goes on to use it is told why that cannot be.
            return [];
        }
    }

    /// <summary>A path as a person in the working directory would write it.</summary>
    public static string Shown(string path)
    {
        var relative = Path.GetRelativePath(System.IO.Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
