using System.Text.RegularExpressions;
using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Native;

/// <summary>
/// Who has volumes mounted, as the kernel knows it: the mounts of all mount namespaces. What an engine or its record says of its containers
/// may be out of date or out of reach; a container that runs has its volume in its own namespace, whichever engine has started it. Source:
/// proc_pid_mountinfo(5), mount_namespaces(7).
/// </summary>
internal sealed partial class DeviceHolders
{
    private readonly ILookup<uint, DeviceHolder> _holders;

    private DeviceHolders(ILookup<uint, DeviceHolder> holders) => _holders = holders;

    /// <summary>Looks at all mount namespaces. It blocks, for some milliseconds for each hundred processes.</summary>
    /// <param name="mountRoot">The directory of our own mounts, which do not count; neither do their copies in other namespaces, which go
    /// away with them.</param>
    public static DeviceHolders Scan(string mountRoot)
    {
        var own = MountInfo.Of(MountInfo.Self);
        var groups = own.Where(mount => mount.Major == LoopDevice.Major && IsBelow(mount, mountRoot))
            .SelectMany(mount => own.Where(parent => parent.Id == mount.ParentId).Select(parent => (mount.Minor, parent.SharedWith)))
            .Where(parent => parent.SharedWith is not null)
            .ToHashSet();
        var found = new List<(uint Minor, DeviceHolder Holder)>();
        found.AddRange(Holders(own, mount => IsBelow(mount, mountRoot), groups).Select(
            mount => (mount.Minor, Describe(Environment.ProcessId, mount))));
        var seen = new HashSet<string>(StringComparer.Ordinal) { Namespace(MountInfo.Self) ?? string.Empty };
        var ids = own.Select(mount => mount.Id).ToHashSet();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            var name = Path.GetFileName(directory);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && (Namespace(name) is not { } space || seen.Add(space)))
            {
                found.AddRange(
                    Holders(MountInfo.Of(name), mount => ids.Contains(mount.Id), groups)
                        .Select(mount => (mount.Minor, Describe(process, mount))));
            }
        }

        return new DeviceHolders(found.ToLookup(pair => pair.Minor, pair => pair.Holder));
    }

    /// <summary>Tells who holds a loop device.</summary>
    /// <param name="device">Its number; <see langword="null"/> stands for no device, which nothing holds.</param>
    public IReadOnlyList<DeviceHolder> Of(uint? device) => device is { } number ? [.. _holders[number]] : [];

    private static bool IsBelow(MountEntry mount, string directory) =>
        string.Equals(Path.GetDirectoryName(mount.Mountpoint), directory, StringComparison.Ordinal);

    // A copy that the kernel has made of our mount lies in a copy of the mount that ours lies in, and goes away with ours.
    private static IEnumerable<MountEntry> Holders(
        IReadOnlyList<MountEntry> mounts, Func<MountEntry, bool> isOurs, HashSet<(uint Minor, string? Group)> groups) =>
        mounts.Where(mount => mount.Major == LoopDevice.Major && !isOurs(mount)
            && !mounts.Any(parent => parent.Id == mount.ParentId
                && (groups.Contains((mount.Minor, parent.SharedWith)) || (
                    parent.SlaveOf is not null && groups.Contains((mount.Minor, parent.SlaveOf))))));

    private static DeviceHolder Describe(int process, MountEntry mount) => new(process, mount.Mountpoint, ContainerOf(process));

    // Without CAP_SYS_PTRACE the namespaces of other users' processes are not told, but their mounts are, and by their numbers whether they
    // are ours.
    private static string? Namespace(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/mnt").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? ContainerOf(int process)
    {
        try
        {
            var match = ContainerId().Match(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cgroup")));
            return match.Success ? match.Value : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Docker and containerd name a container's control group after its id.
    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerId();
}
