using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.Files;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Makes what a directory lists durable.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxDirectory
{
    public static void Flush(string directory) => ImageFiles.Guard(directory, () =>
    {
        DurableFolder.Flush(directory);
        return true;
    });
}
