using System.Runtime.InteropServices;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>The names of the folders that a package has its hosts in.</summary>
internal static class HostPlatform
{
    /// <summary>The hosts that run on any processor, where .NET is installed.</summary>
    public const string Portable = "portable";

    /// <summary>
    /// Gets the name of this machine's platform, such as <c>linux-x64</c>. Windows runs programs for x64 on every processor that the module
    /// runs on.
    /// </summary>
    public static string Name =>
        Platform.IsWindows
            ? "win-x64"
            : $"{(Platform.IsLinux ? "linux" : "osx")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
}
