using System.Net;

namespace HedvigStorage.Docker;

/// <summary>The normal forms of what engines and people write in several ways.</summary>
internal static class SettingText
{
    private const string CapabilityPrefix = "CAP_";
    private const string LimitPrefix = "RLIMIT_";
    private const string NoNewPrivileges = "no-new-privileges";
    private const string SignalPrefix = "SIG";
    private const string FastestRealTime = "RTMAX";
    private const string SlowestRealTime = "RTMIN";

    /// <summary>A limit, <c>name=soft:hard</c>; one number is both.</summary>
    public static string Ulimit(string item)
    {
        var (given, value) = Split(item, '=');

        // Podman writes them as the kernel's headers do.
        var name = given.StartsWith(LimitPrefix, StringComparison.Ordinal) ? given.Substring(LimitPrefix.Length).ToLowerInvariant() : given;
        if (!KernelNames.Ulimits.Contains(name))
        {
            throw ContainerSetting.Wrong(name, "a limit such as nofile, nproc or memlock");
        }

        var parts = Split(value, ':');
        var (soft, hard) = (Limit(item, parts.Before), Limit(item, parts.After.Length == 0 ? parts.Before : parts.After));
        return hard >= 0 && (soft < 0 || soft > hard)
            ? throw new FormatException($"'{ObjectName.Printable(item)}' is not valid: the soft limit is at most the hard one.")
            : string.Format(CultureInfo.InvariantCulture, "{0}={1}:{2}", name, soft, hard);
    }

    /// <summary>A file system in memory, <c>path=options</c>; sizes in bytes, options in order.</summary>
    public static string Tmpfs(string item)
    {
        var (path, options) = Split(item, '=');
        if (path.Length == 0 || path[0] != '/')
        {
            throw ContainerSetting.Wrong(path, "an absolute path");
        }

        var place = ContainerPath.Clean(path);
        return place is "/"
            ? throw new FormatException("'/' is not valid: nothing can be mounted over all of a container.")
            : place + "="
                + string.Join(",", options.Split(',').Where(option => option is not ("" or "rw")).Select(TmpfsOption).OrderBy(
                    option => option, StringComparer.Ordinal));
    }

    /// <summary>A capability without its prefix, in capitals.</summary>
    public static string Capability(string item)
    {
        var whole = item.ToUpperInvariant();
        var name = whole.StartsWith(CapabilityPrefix, StringComparison.Ordinal) ? whole.Substring(CapabilityPrefix.Length) : whole;
        return KernelNames.Capabilities.Contains(name)
            ? name
            : throw ContainerSetting.Wrong(item, "a capability such as NET_ADMIN, or ALL");
    }

    /// <summary>A signal by its whole name; one that has none by its number.</summary>
    public static string Signal(string item)
    {
        if (int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is < 1 or > 64 ? throw ContainerSetting.Wrong(item, "a signal such as TERM, or its number, 1 to 64")
                : number <= KernelNames.Signals.Length ? SignalPrefix + KernelNames.Signals[number - 1]
                : number.ToString(CultureInfo.InvariantCulture);
        }

        var whole = item.ToUpperInvariant();
        var name = whole.StartsWith(SignalPrefix, StringComparison.Ordinal) ? whole.Substring(SignalPrefix.Length) : whole;
        name = KernelNames.SignalsOfTwoNames.TryGetValue(name, out var first) ? first : name;
        return KernelNames.Signals.Contains(name, StringComparer.Ordinal) || name.StartsWith(SlowestRealTime, StringComparison.Ordinal)
            || name.StartsWith(FastestRealTime, StringComparison.Ordinal)
            ? SignalPrefix + name
            : throw ContainerSetting.Wrong(item, "a signal such as TERM, or its number, 1 to 64");
    }

    /// <summary>A part of the kernel's settings that a container can have of its own.</summary>
    public static string Sysctl(string item)
    {
        var (name, _) = Split(item, '=');
        return name.StartsWith("net.", StringComparison.Ordinal) || name.StartsWith("fs.mqueue.", StringComparison.Ordinal)
            || KernelNames.IpcSysctls.Contains(name)
            ? item
            : throw ContainerSetting.Wrong(
                name, "one that a container can have of its own: net.*, fs.mqueue.*, or kernel.msg*, kernel.sem and kernel.shm*");
    }

    /// <summary>The address of a name server.</summary>
    public static string NameServer(string item) =>
        IPAddress.TryParse(item, out var address) ? address.ToString() : throw ContainerSetting.Wrong(item, "an address, such as 10.0.0.2");

    /// <summary>Whose processes see which shared memory.</summary>
    public static string IpcMode(string item) => item is "none" or "private" or "shareable" or "host" || IsOther(item) ? item
        : throw ContainerSetting.Wrong(item, "none, private, shareable, host or container:NAME");

    /// <summary>Whose processes are seen.</summary>
    public static string PidMode(string item) =>
        item is "host" || IsOther(item) ? item : throw ContainerSetting.Wrong(item, "host or container:NAME");

    /// <summary>A security option, whose name and value older engines separate by a colon.</summary>
    public static string SecurityOption(string item)
    {
        var (name, value) = Split(item, item.IndexOf('=') >= 0 ? '=' : ':');
        if (!KernelNames.SecurityOptions.Contains(name)
            || (name is NoNewPrivileges ? value.Length > 0 && !bool.TryParse(
                value, out _) : value.Length == 0 && name is not "writable-cgroups"))
        {
            throw ContainerSetting.Wrong(
                item, "a security option with its value, such as no-new-privileges=true, seccomp=unconfined or apparmor=PROFILE");
        }

        return name is NoNewPrivileges
            ? $"{name}={(value.Length == 0 ? "true" : value.ToLowerInvariant())}"
            : value.Length == 0
            ? name
            : $"{name}={value}";
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
            ? $"{ContainerPath.Clean(parts[0])}:{ContainerPath.Clean(inside)}:{permissions}"
            : throw ContainerSetting.Wrong(item, "permissions of the letters r, w and m");
    }

    /// <summary>A host's address, <c>name:address</c>.</summary>
    public static string ExtraHost(string item)
    {
        const string HostGateway = "host-gateway";
        var separator = item.IndexOfAny([':', '=']);
        var address = separator < 0 ? string.Empty : item.Substring(separator + 1).Trim('[', ']');
        return separator > 0 && (address is HostGateway || IPAddress.TryParse(address, out _))
            ? item.Substring(0, separator) + ":" + (address is HostGateway ? address : IPAddress.Parse(address).ToString())
            : throw ContainerSetting.Wrong(item, "a name and an address, such as db:10.0.0.5");
    }

    private static bool IsOther(string mode)
    {
        const string Prefix = "container:";
        return mode.StartsWith(Prefix, StringComparison.Ordinal) && mode.Length > Prefix.Length;
    }

    // What tmpfs's own size=64m means, in bytes; a mode has four digits.
    private static string TmpfsOption(string option)
    {
        const int ModeLength = 4;
        var (name, value) = Split(option, '=');
        if (!(value.Length == 0 ? KernelNames.TmpfsFlags : KernelNames.TmpfsValues).Contains(name))
        {
            throw ContainerSetting.Wrong(option, "options of tmpfs, such as size=64m,mode=0755");
        }

        if (name is "mode")
        {
            return "mode=" + value.TrimStart('0').PadLeft(ModeLength, '0');
        }
        if (!string.Equals(name, "size", StringComparison.Ordinal) || value.Length == 0)
        {
            return option;
        }

        var unit = char.ToLowerInvariant(value[value.Length - 1]) switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1L };
        var digits = unit == 1 ? value : value.Substring(0, value.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue / unit
            ? "size=" + (count * unit).ToString(CultureInfo.InvariantCulture)
            : value.EndsWith("%", StringComparison.Ordinal) ? option : throw ContainerSetting.Wrong(option, "a size such as size=64m");
    }

    private static long Limit(string item, string text) => text switch
    {
        "unlimited" => -1,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1 => number,
        _ => throw ContainerSetting.Wrong(item, "a number, or SOFT:HARD, such as 1024:2048"),
    };

    private static (string Before, string After) Split(string text, char separator)
    {
        var place = text.IndexOf(separator);
        return place < 0 ? (text, string.Empty) : (text.Substring(0, place), text.Substring(place + 1));
    }
}
