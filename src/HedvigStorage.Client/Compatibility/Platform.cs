#if NET8_0_OR_GREATER
#else
using System.Runtime.InteropServices;
#endif

namespace HedvigStorage.Client.Compatibility;

/// <summary>Which system this is; netstandard2.0 asks for it in another way.</summary>
internal static class Platform
{
#if NET8_0_OR_GREATER
    [System.Runtime.Versioning.SupportedOSPlatformGuard("linux")]
    public static bool IsLinux => OperatingSystem.IsLinux();

    [System.Runtime.Versioning.SupportedOSPlatformGuard("windows")]
    public static bool IsWindows => OperatingSystem.IsWindows();
#else
    public static bool IsLinux => RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    public static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
#endif
}
