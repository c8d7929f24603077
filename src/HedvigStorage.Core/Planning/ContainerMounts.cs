using HedvigStorage.Docker;

namespace HedvigStorage.Planning;

/// <summary>Compares and describes what is mounted in containers.</summary>
internal static class ContainerMounts
{
    /// <summary>Tells whether a document can describe a mount; a pipe of Windows, for one, it cannot.</summary>
    public static bool IsDescribed(ContainerMount mount) => mount.Type is "volume" or "bind" or "image" && mount.Source.Length > 0;

    public static bool Same(IReadOnlyList<ContainerMount> desired, IReadOnlyList<ContainerMount> actual)
    {
        var there = actual.Where(IsDescribed).ToArray();
        return OrdinalComparison.SameSet(desired.Select(Describe), there.Select(Describe))
            && desired.All(
                mount => there.All(other => !OrdinalComparison.Same(Describe(mount), Describe(other)) || IsMountedSo(mount, other)));
    }

    public static string Describe(ContainerMount mount)
    {
        var kind = OrdinalComparison.Same(mount.Type, "image") ? "image " : string.Empty;
        var part = mount.SubPath is null ? string.Empty : $"[{mount.SubPath}]";
        return $"{kind}{mount.Source}{part}:{mount.Target}{(mount.ReadOnly ? ":ro" : string.Empty)}";
    }

    public static string DescribeWithDriver(ContainerMount mount) =>
        Describe(mount) + (mount.NoCopy ? ":nocopy" : string.Empty)
            + (string.IsNullOrEmpty(mount.Driver) ? string.Empty : $" ({mount.Driver})");

    // A copy that the document does not rule out may have been ruled out: nothing has to change for it.
    private static bool IsMountedSo(ContainerMount desired, ContainerMount actual) =>
        (desired.Driver is null || string.IsNullOrEmpty(actual.Driver) || OrdinalComparison.Same(desired.Driver, actual.Driver))
            && (actual.NoCopy || !desired.NoCopy);
}
