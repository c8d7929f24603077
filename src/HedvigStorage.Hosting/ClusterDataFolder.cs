using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>
/// What lies in the data folder of an embedded cluster. It knows each file that a cluster host makes by its exact place and name, and
/// touches no other: whatever else is there makes it refuse.
/// </summary>
internal sealed class ClusterDataFolder
{
    private const string Image = ".img";
    private const string Lock = "lock";
    private const string Log = "hv-cluster.log";
    private const string Catalog = "catalog.db";
    private const int ShownNames = 5;

    // Made by mkfs in the root of a file system; nobody's.
    private const string LostAndFound = "lost+found";

    private static readonly string[] ImageFolders = ["volumes", "snapshots"];
    private static readonly string[] CatalogFiles =
    [
        Catalog + "-wal",
        Catalog + "-shm",
        Catalog + "-journal",
        Catalog,
        "catalog.marker",
        "catalog.marker.tmp",
        "catalog.sums",
        "catalog.sums.tmp",
    ];
    private static readonly string[] OtherFiles =
    [
        "run.json",
        "run.json.tmp",
        "credential.json",
        "credential.json.tmp",
        "last-address",
        "start.json",
        "start.json.tmp",
        Log,
    ];

    private readonly string _path;

    public ClusterDataFolder(string path) => _path = path;

    /// <summary>Gets whether a cluster's catalog is there.</summary>
    public bool HasCatalog => IsFile(Catalog);

    /// <summary>Gets whether a cluster host has been here.</summary>
    public bool HasLock => IsFile(Lock);

    /// <summary>Gets whether there is no such folder, or nothing in it.</summary>
    public bool IsBlank =>
        !Directory.Exists(_path) || Entries(_path).All(name => string.Equals(name, LostAndFound, StringComparison.Ordinal));

    /// <summary>Gets the paths of the volumes' images, by the volumes' identities.</summary>
    public IReadOnlyDictionary<string, string> VolumeImages =>
        Images(ImageFolders[0]).Where(name => name.EndsWith(Image, StringComparison.Ordinal))
        .ToDictionary(
            name => name.Substring(0, name.Length - Image.Length),
            name => Path.Combine(_path, ImageFolders[0], name),
            StringComparer.Ordinal);

    /// <summary>Gets whether there are images of volumes or snapshots.</summary>
    public bool HasImages => ImageFolders.SelectMany(Images).Any();

    /// <summary>Lists what no cluster host has put here, as paths below the folder.</summary>
    public IReadOnlyList<string> FindForeign()
    {
        var foreign = new List<string>();
        foreach (var name in Entries(_path))
        {
            if (ImageFolders.Contains(name, StringComparer.Ordinal) && IsRealFolder(name))
            {
                foreign.AddRange(Entries(Path.Combine(_path, name)).Select(image => $"{name}/{image}").Where(
                    image => !(IsImage(image) && IsFile(image))));
            }
            else if (!string.Equals(name, LostAndFound, StringComparison.Ordinal) && !(IsOwn(name) && IsFile(name)))
            {
                foreign.Add(name);
            }
        }

        return foreign;
    }

    /// <summary>Refuses a folder that is a link, or holds something that no cluster host has put there.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it does; the message names it.</exception>
    public void RefuseForeign()
    {
        if (IsLink(_path))
        {
            throw new ClusterException(ErrorCode.Refused, $"'{_path}' is a link. Name the folder that it leads to.");
        }

        Refuse(FindForeign());
    }

    /// <summary>Refuses images of volumes that the catalog does not know: they may be somebody's only copy.</summary>
    /// <param name="volumeIds">The volumes that it knows.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: there are such images; the message names them.</exception>
    public void RefuseUnknownImages(IEnumerable<string> volumeIds)
    {
        var known = new HashSet<string>(volumeIds, StringComparer.Ordinal);
        Refuse(
            VolumeImages.Where(image => !known.Contains(image.Key) && new FileInfo(image.Value).Length > 0)
                .Select(image => $"volumes/{image.Key}{Image}").ToArray());
    }

    /// <summary>
    /// Removes what a cluster host has put here, and the folder if it is empty then. The lock is held meanwhile, so no cluster host serves
    /// the folder. Images go first and the catalog after them: one that was interrupted is seen to be a cluster still, and can be removed
    /// again.
    /// </summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: a cluster host serves it; with
    /// <see cref="ErrorCode.Refused"/>: a file cannot be removed.</exception>
    public void Remove()
    {
        using (Take())
        {
            RefuseForeign();
            foreach (var folder in ImageFolders.Where(IsRealFolder))
            {
                foreach (var image in Images(folder))
                {
                    Delete(Path.Combine(folder, image));
                }

                DeleteFolder(Path.Combine(_path, folder));
            }

            foreach (var file in CatalogFiles.Concat(Probes()).Concat(OtherFiles).Append(Lock))
            {
                Delete(file);
            }
        }

        DeleteFolder(_path);
    }

    /// <summary>Removes what a start left that had not even come to take the lock.</summary>
    public void RemoveBeginnings()
    {
        if (!HasLock && !HasCatalog && !HasImages)
        {
            Delete(Log);
            DeleteFolder(_path);
        }
    }

    private FileStream Take()
    {
        try
        {
            // Windows removes a file that is open only if its holder lets it; a cluster host is kept out all the same.
            return new FileStream(
                Path.Combine(_path, Lock), FileMode.Open, FileAccess.ReadWrite, Platform.IsWindows ? FileShare.Delete : FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"The data folder '{_path}' is in use by a cluster host, or by this user not to be had: "
                    + $"{exception.Message} If a service runs it, stop the service.",
                exception);
        }
    }

    private void Refuse(IReadOnlyCollection<string> foreign)
    {
        if (foreign.Count > 0)
        {
            var shown = string.Join(", ", foreign.Take(ShownNames).Select(name => $"'{ObjectName.Printable(name)}'"));
            var more = foreign.Count > ShownNames ? $" and {foreign.Count - ShownNames} more" : string.Empty;
            throw new ClusterException(
                ErrorCode.Refused,
                $"'{_path}' holds what is not the cluster's: {shown}{more}. Nothing is removed. Take that elsewhere first.");
        }
    }

    private void Delete(string name)
    {
        try
        {
            File.Delete(Path.Combine(_path, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"'{Path.Combine(_path, name)}' cannot be removed: {exception.Message} What is left can be removed again.",
                exception);
        }
    }

    // Never recursive. A mount point, or one with lost+found, stays.
    private static void DeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing of the cluster is in it any more.
        }
    }

    private IEnumerable<string> Images(string folder) => IsRealFolder(folder)
        ? Entries(Path.Combine(_path, folder)).Where(name => IsImage($"{folder}/{name}") && IsFile(Path.Combine(folder, name))).ToArray()
        : [];

    private string[] Probes() => Entries(_path).Where(name => IsProbe(name) && IsFile(name)).ToArray();

    private bool IsFile(string name)
    {
        var file = new FileInfo(Path.Combine(_path, name));
        return file.Exists && !file.Attributes.HasFlag(FileAttributes.ReparsePoint);
    }

    private bool IsRealFolder(string name) => Directory.Exists(Path.Combine(_path, name)) && !IsLink(Path.Combine(_path, name));

    private static bool IsLink(string path) => Directory.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    private static bool IsOwn(string name) =>
        string.Equals(name, Lock, StringComparison.Ordinal) || CatalogFiles.Contains(name, StringComparer.Ordinal)
            || OtherFiles.Contains(name, StringComparer.Ordinal) || IsProbe(name);

    // What a start tries the file system with.
    private static bool IsProbe(string name) => IsNamed(name, "probe-", ".tmp", "N");

    private static bool IsImage(string path) => IsNamed(path, "volumes/", Image, "D") || IsNamed(path, "volumes/", Image + ".tmp", "D")
        || IsNamed(path, "snapshots/", Image, "D") || IsNamed(path, "snapshots/", Image + ".tmp", "D")
        || IsNamed(path, "volumes/probe-", ".tmp", "N") || IsNamed(path, "snapshots/probe-", ".tmp", "N");

    private static bool IsNamed(string name, string begin, string end, string form) =>
        name.StartsWith(begin, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal)
            && name.Length > begin.Length + end.Length
        && Guid.TryParseExact(name.Substring(begin.Length, name.Length - begin.Length - end.Length), form, out _);

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!)
                .OrderBy(name => name, StringComparer.Ordinal).ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The folder '{folder}' cannot be read: {exception.Message}", exception);
        }
    }
}
