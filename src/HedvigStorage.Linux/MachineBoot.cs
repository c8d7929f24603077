using System.Runtime.Versioning;

namespace HedvigStorage.Linux;

/// <summary>The identity of this machine's boot, which its processes share and no other machine has.</summary>
[SupportedOSPlatform("linux")]
internal static class MachineBoot
{
    public static string Read() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
