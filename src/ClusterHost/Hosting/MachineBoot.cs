using System.IO;

namespace HedvigStorage.ClusterHost.Hosting;

/// <summary>The identity of this machine's boot, which its processes share and no other machine has.</summary>
internal static class MachineBoot
{
    public static string Read() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
