using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Hosting;

/// <summary>Finds the executables of the hosts.</summary>
public static class HostExecutables
{
    /// <summary>The cluster host's name.</summary>
    public const string ClusterHost = "hv-cluster";

    /// <summary>The plugin host's name.</summary>
    public const string PluginHost = "hv-plugin";

    /// <summary>Finds an executable.</summary>
    /// <param name="name">Its name, without the platform's ending.</param>
    /// <param name="hostsDirectory">The folder that holds it, or <see langword="null"/> to look beside this program and this assembly and in their <c>hosts</c> folders.</param>
    /// <returns>The absolute path.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: it is in none of the folders, which the message names.</exception>
    public static string Find(string name, string? hostsDirectory = null)
    {
        var file = Platform.IsWindows ? name + ".exe" : name;
        var folders = hostsDirectory is null ? DefaultFolders() : [Path.GetFullPath(hostsDirectory)];
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new ClusterException(ErrorCode.NotFound, $"The executable '{file}' is not there. Looked in: {string.Join(", ", folders)}.");
    }

    private static List<string> DefaultFolders()
    {
        var own = new List<string> { AppContext.BaseDirectory };
        if (AssemblyFolder() is { Length: > 0 } beside)
        {
            own.Add(beside);
        }

        return own.SelectMany(folder => new[] { folder, Path.Combine(folder, "hosts") })
            .Select(folder => Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))
            .Distinct(StringComparer.Ordinal)
            .ToList();
    }

    // In a single file there is no assembly file; the program's own folder is looked in anyway.
#pragma warning disable IL3000
    private static string? AssemblyFolder() => Path.GetDirectoryName(typeof(HostExecutables).Assembly.Location);
#pragma warning restore IL3000
}
