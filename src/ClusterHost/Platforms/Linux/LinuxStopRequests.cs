using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Machine;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Linux has signals, to which the web host listens.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxStopRequests : IStopRequests
{
    public string? Name => null;

    public void Begin(Action stop)
    {
        // Nothing asks but signals.
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
