using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace HedvigStorage.PluginHost.Native;

/// <summary>A mount, as <c>/proc/self/mountinfo</c> tells it.</summary>
/// <param name="Mountpoint">Where.</param>
/// <param name="Major">The device's major number.</param>
/// <param name="Minor">The device's minor number.</param>
/// <param name="Source">What is mounted, such as <c>/dev/loop0</c>.</param>
internal sealed record MountEntry(string Mountpoint, uint Major, uint Minor, string Source);

/// <summary>Reads <c>/proc/self/mountinfo</c> (proc(5)).</summary>
internal static class MountInfo
{
    /// <summary>Lists the mounts directly below a directory.</summary>
    /// <param name="directory">The directory.</param>
    public static IReadOnlyList<MountEntry> Below(string directory)
    {
        var entries = new List<MountEntry>();
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator < 6 || fields.Length < separator + 3)
            {
                continue;
            }

            var mountpoint = Unescape(fields[4]);
            var device = fields[2].Split(':');
            if (string.Equals(Path.GetDirectoryName(mountpoint), directory, StringComparison.Ordinal))
            {
                entries.Add(new MountEntry(
                    mountpoint,
                    uint.Parse(device[0], CultureInfo.InvariantCulture),
                    uint.Parse(device[1], CultureInfo.InvariantCulture),
                    Unescape(fields[separator + 2])));
            }
        }

        return entries;
    }

    // The kernel writes space, tab, newline and backslash as three octal digits.
    private static string Unescape(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal)
        : text;
}
