using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Makes what a directory lists durable.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxDirectory
{
    public static void Flush(string directory)
    {
        var descriptor = LinuxCalls.Open(directory, LinuxCalls.OpenDirectory);
        if (descriptor < 0)
        {
            throw LinuxErrors.Of(directory, Marshal.GetLastPInvokeError());
        }

        var failed = LinuxCalls.Fsync(descriptor) != 0;
        var code = Marshal.GetLastPInvokeError();
        _ = LinuxCalls.Close(descriptor);
        if (failed)
        {
            throw LinuxErrors.Of(directory, code);
        }
    }
}
