using System;
using System.Globalization;
using System.Linq;

namespace HedvigStorage.Docker;

/// <summary>The normal forms of what engines and people write in several ways.</summary>
internal static class SettingText
{
    private const string CapabilityPrefix = "CAP_";
    private const string SignalPrefix = "SIG";

    /// <summary>A limit, <c>name=soft:hard</c>; one number is both.</summary>
    public static string Ulimit(string item)
    {
        var (name, value) = Split(item, '=');
        var (soft, hard) = Split(value, ':');
        return $"{name}={Limit(item, soft)}:{Limit(item, hard.Length == 0 ? soft : hard)}";
    }

    /// <summary>A file system in memory, <c>path=options</c>; sizes in bytes, options in order.</summary>
    public static string Tmpfs(string item)
    {
        var (path, options) = Split(item, '=');
        if (path.Length == 0 || path[0] != '/')
        {
            throw ContainerSetting.Wrong(path, "an absolute path");
        }

        return path + "=" + string.Join(",", options.Split(',').Where(option => option.Length > 0).Select(TmpfsOption).OrderBy(option => option, StringComparer.Ordinal));
    }

    /// <summary>A capability without its prefix, in capitals.</summary>
    public static string Capability(string item)
    {
        var name = item.ToUpperInvariant();
        return name.StartsWith(CapabilityPrefix, StringComparison.Ordinal) ? name.Substring(CapabilityPrefix.Length) : name;
    }

    /// <summary>A signal by its whole name, or by its number.</summary>
    public static string Signal(string item)
    {
        var name = item.ToUpperInvariant();
        return name.Length > 0 && char.IsDigit(name[0]) || name.StartsWith(SignalPrefix, StringComparison.Ordinal) ? name : SignalPrefix + name;
    }

    /// <summary>A security option, whose name and value older engines separate by a colon.</summary>
    public static string SecurityOption(string item)
    {
        var (name, value) = Split(item, item.IndexOf('=') >= 0 ? '=' : ':');
        return value.Length == 0 ? (string.Equals(name, "no-new-privileges", StringComparison.Ordinal) ? name + "=true" : name) : name + "=" + value;
    }

    /// <summary>A device, <c>host:container:permissions</c>.</summary>
    public static string Device(string item)
    {
        var parts = item.Split(':');
        if (parts.Length > 3 || parts[0].Length == 0 || parts[0][0] != '/')
        {
            throw ContainerSetting.Wrong(item, "a device such as /dev/fuse, or /dev/sdb:/dev/data:rw");
        }

        var inside = parts.Length > 1 && parts[1].Length > 0 && parts[1][0] == '/' ? parts[1] : parts[0];
        var permissions = parts.Length == 3 ? parts[2] : parts.Length == 2 && parts[1].Length > 0 && parts[1][0] != '/' ? parts[1] : "rwm";
        return permissions.Length > 0 && permissions.All(letter => letter is 'r' or 'w' or 'm')
            ? $"{parts[0]}:{inside}:{permissions}"
            : throw ContainerSetting.Wrong(item, "permissions of the letters r, w and m");
    }

    /// <summary>A host's address, <c>name:address</c>.</summary>
    public static string ExtraHost(string item)
    {
        var separator = item.IndexOfAny([':', '=']);
        return separator > 0 && separator < item.Length - 1
            ? item.Substring(0, separator) + ":" + item.Substring(separator + 1).Trim('[', ']')
            : throw ContainerSetting.Wrong(item, "a name and an address, such as db:10.0.0.5");
    }

    // What tmpfs's own size=64m means, in bytes.
    private static string TmpfsOption(string option)
    {
        var (name, value) = Split(option, '=');
        if (!string.Equals(name, "size", StringComparison.Ordinal) || value.Length == 0)
        {
            return option;
        }

        var unit = char.ToLowerInvariant(value[value.Length - 1]) switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1L };
        var digits = unit == 1 ? value : value.Substring(0, value.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue / unit
            ? "size=" + (count * unit).ToString(CultureInfo.InvariantCulture)
            : option;
    }

    private static string Limit(string item, string text) => text switch
    {
        "unlimited" => "-1",
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1 => number.ToString(CultureInfo.InvariantCulture),
        _ => throw ContainerSetting.Wrong(item, "a number, or SOFT:HARD, such as 1024:2048"),
    };

    private static (string Before, string After) Split(string text, char separator)
    {
        var place = text.IndexOf(separator);
        return place < 0 ? (text, string.Empty) : (text.Substring(0, place), text.Substring(place + 1));
    }
}
