using HedvigStorage.Files;
using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>
/// The id that tells this plugin host from another of the same name. It is kept in its state, and beside what it has mounted: a state that
/// is lost while volumes are mounted gets it back from there. The file names its own inode, so that a copy of the folder is not taken for
/// the folder.
/// </summary>
internal static class HostId
{
    /// <summary>The file's name in the state directory.</summary>
    public const string StateFile = "host-id";

    /// <summary>The file's name in the mount root. No volume's name begins with a dot.</summary>
    public const string MountRootFile = ".host-id";

    /// <summary>Finds the id to go by, and keeps it.</summary>
    /// <param name="stateDirectory">The directory of the plugin host's state.</param>
    /// <param name="mountRoot">The directory below which volumes are mounted.</param>
    /// <param name="log">Where it is said that the id is another from now on.</param>
    /// <returns>The id, or <see langword="null"/> if none can be kept now; and whether the state is a copy of another host's, so that its
    /// records are, too.</returns>
    public static (string? Id, bool IsCopy) Settle(string stateDirectory, string mountRoot, ILogger log)
    {
        var path = Path.Combine(stateDirectory, StateFile);
        var besideMounts = Path.Combine(mountRoot, MountRootFile);
        var (known, isOwn) = Read(path);
        if (known is not null && isOwn)
        {
            if (!string.Equals(Read(besideMounts).Id, known, StringComparison.Ordinal))
            {
                _ = TryWrite(besideMounts, known);
            }

            return (known, false);
        }

        if (Read(besideMounts) is (not null and var kept, true))
        {
            PluginLog.IdFound(log, stateDirectory, kept, mountRoot);
            _ = TryWrite(path, kept);
            return (kept, false);
        }

        var id = Guid.NewGuid().ToString();
        if (TryWrite(path, id) is { } reason)
        {
            PluginLog.IdNotKept(log, reason);
            return (null, known is not null);
        }

        _ = TryWrite(besideMounts, id);
        if (known is not null)
        {
            PluginLog.IdReplaced(log, stateDirectory, known, id);
        }

        return (id, known is not null);
    }

    private static (string? Id, bool IsOwn) Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }

        var words = text.Split(' ', '\n');
        return words.Length >= 2 && Guid.TryParseExact(words[0], "D", out var id)
            ? (id.ToString(), string.Equals(words[1], InodeOf(FileStatistics.FindAtOnce(path)), StringComparison.Ordinal))
            : default;
    }

    // Returns why it cannot be written.
    private static string? TryWrite(string path, string id)
    {
        try
        {
            DurableFile.Write(
                path,
                file => file.Write(Encoding.ASCII.GetBytes($"{id} {InodeOf(FileStatistics.Of(file.SafeFileHandle))}\n")),
                DurableFile.OwnerOnly);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static string? InodeOf(FileStatistics? file) => file?.Inode.ToString(CultureInfo.InvariantCulture);
}
