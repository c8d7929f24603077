using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>Finds the executables of the hosts.</summary>
public static class HostExecutables
{
    /// <summary>The cluster host's name.</summary>
    public const string ClusterHost = "hv-cluster";

    /// <summary>The plugin host's name.</summary>
    public const string PluginHost = "hv-plugin";

    /// <summary>Gets the names of all programs that lie together: those of the hosts, and the command line.</summary>
    internal static IReadOnlyList<string> All { get; } = [ClusterHost, PluginHost, "hv"];

    /// <summary>Finds an executable.</summary>
    /// <param name="name">Its name, without the platform's ending.</param>
    /// <param name="hostsDirectory">The folder that holds it, itself or in a folder for each platform, or <see langword="null"/> to look
    /// beside this program and this assembly and in their <c>hosts</c> folders.</param>
    /// <returns>The absolute path.</returns>
    /// <exception cref="ClusterException">
    /// With <see cref="ErrorCode.NotFound"/>: it is in none of the folders, which the message names; with <see cref="ErrorCode.Refused"/>:
    /// it may not be run, and may not be made to.
    /// </exception>
    public static string Find(string name, string? hostsDirectory = null)
    {
        var file = Platform.IsWindows ? name + ".exe" : name;
        var folders = hostsDirectory is null ? DefaultFolders() : WithPlatforms(Path.GetFullPath(hostsDirectory)).ToList();
        var found = folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new ClusterException(
                ErrorCode.NotFound, $"The executable '{file}' is not there{Reason(name)}. Looked in: {string.Join(", ", folders)}.");
        ExecutionRight.Ensure(found);
        return found;
    }

    private static string Reason(string name) =>
        Platform.IsWindows && string.Equals(name, PluginHost, StringComparison.Ordinal) ? $": {name} runs on Linux only" : string.Empty;

    // A build lays the hosts out for the machine that it runs on; a package has them for each platform, and for the others those that need
    // .NET.
    private static string[] WithPlatforms(string folder) =>
        [folder, Path.Combine(folder, HostPlatform.Name), Path.Combine(folder, HostPlatform.Portable)];

    private static List<string> DefaultFolders()
    {
        var own = new List<string> { AppContext.BaseDirectory };
        if (AssemblyFolder() is { Length: > 0 } beside)
        {
            own.Add(beside);
        }

        return own.SelectMany(folder => WithPlatforms(Path.Combine(folder, "hosts")).Prepend(folder))
            .Select(folder => Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))
            .Distinct(StringComparer.Ordinal)
            .ToList();
    }

#if NET8_0_OR_GREATER
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "A program in one file has no "
        + "assembly file; its own folder is looked in anyway.")]
#endif
    private static string? AssemblyFolder() => Path.GetDirectoryName(typeof(HostExecutables).Assembly.Location);
}
