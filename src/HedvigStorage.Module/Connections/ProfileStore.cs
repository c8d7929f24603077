using System.Diagnostics;
using HedvigStorage.Documents;
using HedvigStorage.Loading;

namespace HedvigStorage.Connections;

/// <summary>The connection profiles of this user, in one file of the configuration folder.</summary>
internal static class ProfileStore
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets the file's path: below <c>XDG_CONFIG_HOME</c> or <c>~/.config</c>, on Windows below <c>%APPDATA%</c>.</summary>
    public static string Path => System.IO.Path.Combine(Folder(), "profiles.json");

    /// <summary>Gets the names of the profiles; none where the file cannot be read.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            try
            {
                return Read().Select(profile => profile.Name).ToArray();
            }
            catch (ClusterException)
            {
                return [];
            }
        }
    }

    /// <summary>Reads all profiles.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the file cannot be read, or does not hold
    /// profiles.</exception>
    public static IReadOnlyList<ConnectionProfile> Read()
    {
        var path = Path;
        string text;
        try
        {
            text = StrictText.ReadFile(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The file of connection profiles '{path}' cannot be read: {exception.Message}", exception);
        }

        return ConnectionProfileDocument.Read(LoadedClient.Instance.ReadJson(text, path), path);
    }

    /// <summary>Finds a profile, in any letter case.</summary>
    public static ConnectionProfile? Find(string name) => Read().FirstOrDefault(profile => IsNamed(profile, name));

    /// <summary>Keeps a profile, in the place of one of the same name.</summary>
    /// <exception cref="ClusterException">The file cannot be read or written; what was there before is still there.</exception>
    public static void Save(ConnectionProfile profile) =>
        Change(profiles => profiles.Where(other => !IsNamed(other, profile.Name)).Append(profile));

    /// <summary>Forgets a profile.</summary>
    /// <exception cref="ClusterException">The file cannot be read or written; what was there before is still there.</exception>
    public static void Remove(string name) => Change(profiles => profiles.Where(other => !IsNamed(other, name)));

    // Two sessions at once: the second reads what the first has written.
    private static void Change(Func<IReadOnlyList<ConnectionProfile>, IEnumerable<ConnectionProfile>> change)
    {
        PrivateFile.MakeFolder(Folder());
        using (Lock())
        {
            PrivateFile.Write(Path, DocumentText.Json(ConnectionProfileDocument.Write(change(Read()))));
        }
    }

    private static FileStream Lock()
    {
        var path = Path + ".lock";
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < LockLimit)
            {
                Thread.Sleep(LockInterval);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new ClusterException(ErrorCode.Busy, $"The connection profiles cannot be changed: {exception.Message}", exception);
            }
        }
    }

    private static bool IsNamed(ConnectionProfile profile, string name) =>
        string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase);

    private static string Folder()
    {
        if (Environment.OSVersion.Platform == PlatformID.Win32NT)
        {
            return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "HedvigStorage");
        }

        // A relative path is to be ignored. Source: XDG Base Directory Specification, "Basics".
        var configured = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        var home = configured is { Length: > 0 } && System.IO.Path.IsPathRooted(configured)
            ? configured
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return System.IO.Path.Combine(home, "hedvigstorage");
    }
}
