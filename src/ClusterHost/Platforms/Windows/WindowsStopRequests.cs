using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Machine;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>
/// An event that whoever may read the run file can set, since its name is in no other place; and the end of the console, for which Windows
/// does not wait unless it is held up. The event goes with its process, however that ends.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsStopRequests : IStopRequests
{
    // Windows ends the process earlier by itself.
    private static readonly TimeSpan ConsoleLimit = TimeSpan.FromSeconds(60);

    private readonly EventWaitHandle _event;
    private RegisteredWaitHandle? _wait;
    private PosixSignalRegistration? _console;

    public WindowsStopRequests()
    {
        // One name for all of the machine's sessions: a service and a desktop are different ones.
        Name = $@"Global\hv-cluster-{Guid.NewGuid():N}";
        _event = new EventWaitHandle(initialState: false, EventResetMode.ManualReset, Name);
    }

    public string Name { get; }

    public void Begin(Action stop)
    {
        _wait = ThreadPool.RegisterWaitForSingleObject(_event, (_, _) => stop(), null, Timeout.InfiniteTimeSpan, executeOnlyOnce: true);
        _console = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ =>
        {
            stop();
            Thread.Sleep(ConsoleLimit);
        });
    }

    public void Dispose()
    {
        // Taking back the registration for the console would wait for its handler, which waits for the end of the process.
        _ = _console;
        _ = _wait?.Unregister(null);
        _event.Dispose();
    }
}
