namespace HedvigStorage.Conformance.Parts;

/// <summary>What this machine lets its processes have.</summary>
internal static class Capabilities
{
    // linux/capability.h.
    private const int SystemResource = 24;

    /// <summary>Gets whether a process may be given <c>CAP_SYS_RESOURCE</c>, which many containers withhold.</summary>
    public static bool MayGrantSystemResource { get; } =
        (
            Convert.ToUInt64(
                File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapBnd:", StringComparison.Ordinal))
                    .Split(':')[1].Trim(),
                16) & (1UL << SystemResource)) != 0;
}
