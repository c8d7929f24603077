using System.Runtime.Versioning;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Which processes have a file or a device open, as far as this process may see them.</summary>
[SupportedOSPlatform("linux")]
internal static class OpenFiles
{
    /// <summary>Finds a process that has a file open.</summary>
    /// <returns>Its name and id in words, or <see langword="null"/>.</returns>
    public static string? FindProcess(string path)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != Environment.ProcessId && HasOpen(directory, path))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{NameOf(directory)} (process {id})");
            }
        }

        return null;
    }

    private static bool HasOpen(string process, string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Any(entry => new FileInfo(entry).LinkTarget == path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "a process";
        }
    }
}
