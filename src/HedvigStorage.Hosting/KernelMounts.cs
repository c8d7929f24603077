namespace HedvigStorage.Hosting;

/// <summary>
/// The kernel's list of mounts. Source: proc_pid_mountinfo(5); the fifth field is the mount point, with blanks as <c>\040</c>.
/// </summary>
internal static class KernelMounts
{
    /// <summary>Lists what is mounted under a folder, by its path below it.</summary>
    public static IReadOnlyList<string> Under(string folder)
    {
        var prefix = folder.TrimEnd('/') + "/";
        return Points().Where(point => point.StartsWith(prefix, StringComparison.Ordinal)).Select(point => point.Substring(prefix.Length))
            .ToArray();
    }

    private static string[] Points()
    {
        try
        {
            return File.ReadAllLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Where(fields => fields.Length > 4)
                .Select(fields => fields[4].Replace("\\040", " ").Replace("\\134", "\\")).ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
