namespace HedvigStorage.Hosting;

/// <summary>The programs that a plugin host runs to make, check and grow file systems.</summary>
internal static class PluginTools
{
    /// <summary>Each program, with the Debian package that it comes in.</summary>
    private static readonly (string Program, string Package)[] All =
    [
        ("mkfs.ext4", "e2fsprogs"), ("e2fsck", "e2fsprogs"), ("resize2fs", "e2fsprogs"), ("tune2fs", "e2fsprogs"), ("debugfs", "e2fsprogs"),
        ("mkfs.xfs", "xfsprogs"), ("xfs_growfs", "xfsprogs"), ("xfs_repair", "xfsprogs"), ("xfs_admin", "xfsprogs"), ("xfs_db", "xfsprogs"),
    ];

    // The same folders that the plugin host looks in, whatever PATH says.
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"];

    /// <summary>Finds a program of this machine, or <see langword="null"/> if it is not installed.</summary>
    public static string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Finds all of them.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unsupported"/>: one is not installed; the message says what to
    /// install.</exception>
    public static IReadOnlyList<string> FindAll() =>
        WhyNot() is { } reason
            ? throw new ClusterException(ErrorCode.Unsupported, reason)
            : All.Select(tool => Find(tool.Program)!).ToArray();

    /// <summary>Tells what is missing and what to install, or <see langword="null"/> if all are there.</summary>
    public static string? WhyNot()
    {
        var missing = All.Where(tool => Find(tool.Program) is null).ToArray();
        return missing.Length == 0
            ? null
            : $"{string.Join(", ", missing.Select(tool => tool.Program))} {(missing.Length == 1 ? "is" : "are")} not installed on this "
                + "machine: a plugin host makes and checks file systems with them. On Debian they come with: "
                + $"{string.Join(", ", missing.Select(tool => tool.Package).Distinct(StringComparer.Ordinal))}.";
    }
}
