namespace HedvigStorage.Linux;

/// <summary>Reads lists of mounts, <c>/proc/PID/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
internal static class MountInfo
{
    /// <summary>This process, in the place of a process id.</summary>
    public const string Self = "self";

    private const int FirstTag = 6;
    private const string Shared = "shared:";
    private const string Slave = "master:";

    /// <summary>Lists our own mounts directly below a directory.</summary>
    /// <param name="directory">The directory.</param>
    public static IReadOnlyList<MountEntry> Below(string directory) =>
        [.. Of(Self).Where(mount => string.Equals(Path.GetDirectoryName(mount.Mountpoint), directory, StringComparison.Ordinal))];

    /// <summary>Lists the mounts that a process sees; none if it has ended.</summary>
    /// <param name="process">Its id, or <see cref="Self"/>.</param>
    public static IReadOnlyList<MountEntry> Of(string process)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{process}/mountinfo").Select(Parse).OfType<MountEntry>()];
        }
        catch (Exception exception) when ((exception is IOException or UnauthorizedAccessException)
            && !string.Equals(process, Self, StringComparison.Ordinal))
        {
            return [];
        }
    }

    private static MountEntry? Parse(string line)
    {
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", Math.Min(FirstTag, fields.Length));
        if (separator < 0 || fields.Length < separator + 3)
        {
            return null;
        }

        var tags = fields.AsSpan(FirstTag, separator - FirstTag);
        var device = fields[2].Split(':');
        return new MountEntry
        {
            Id = int.Parse(fields[0], CultureInfo.InvariantCulture),
            ParentId = int.Parse(fields[1], CultureInfo.InvariantCulture),
            Mountpoint = Unescape(fields[4]),
            Major = uint.Parse(device[0], CultureInfo.InvariantCulture),
            Minor = uint.Parse(device[1], CultureInfo.InvariantCulture),
            Source = Unescape(fields[separator + 2]),
            SharedWith = FindTag(tags, Shared),
            SlaveOf = FindTag(tags, Slave),
        };
    }

    private static string? FindTag(ReadOnlySpan<string> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.StartsWith(name, StringComparison.Ordinal))
            {
                return tag[name.Length..];
            }
        }

        return null;
    }

    // The kernel writes space, tab, newline, backslash and more as three octal digits.
    private static string Unescape(string text)
    {
        const int Digits = 3;
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + Digits < text.Length)
            {
                _ = plain.Append((char)Convert.ToInt32(text.Substring(index + 1, Digits), fromBase: 8));
                index += Digits;
            }
            else
            {
                _ = plain.Append(text[index]);
            }
        }

        return plain.ToString();
    }
}
