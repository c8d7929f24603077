using HedvigStorage.ClusterHost.Machine;
using HedvigStorage.ClusterHost.Platforms.Linux;
using HedvigStorage.ClusterHost.Platforms.Windows;

namespace HedvigStorage.ClusterHost.Platforms;

/// <summary>The operating system that this process runs on.</summary>
internal static class RunningSystem
{
    private static readonly HostSystem? Found = OperatingSystem.IsWindows()
        ? new WindowsHostSystem()
        : OperatingSystem.IsLinux()
        ? new LinuxHostSystem()
        : null;

    public static bool IsSupported => Found is not null;

    /// <summary>Gets that of this process.</summary>
    public static HostSystem Current => Found ?? throw new PlatformNotSupportedException();
}
