using System.Diagnostics;
#if NET8_0_OR_GREATER
using System.Runtime.Versioning;
#endif

namespace HedvigStorage.Hosting;

/// <summary>
/// The event by which a cluster host on Windows is known and asked to end. Its name is random and stands in the run file only, which none
/// but the host's user may read; Windows removes it with the process, so that it is there means that the process runs, whatever other
/// process gets the same id later.
/// </summary>
#if NET8_0_OR_GREATER
[SupportedOSPlatform("windows")]
#endif
internal static class StopEvent
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Tells whether the event is there.</summary>
    public static bool Exists(string? name)
    {
        try
        {
            return TryUse(name, _ => { });
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Asks the process to end and waits until it has.</summary>
    /// <returns>Whether it has ended within the time.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it is another user's.</exception>
    public static async Task<bool> StopAsync(RunMessage run, TimeSpan time, CancellationToken cancellationToken)
    {
        // Held before it is asked, so that the id stays its own. The lock of its folder is free when it has ended, not when the event has
        // gone.
        using var process = Find(run.ProcessId);
        try
        {
            if (!TryUse(run.StopEvent, found => found.Set()))
            {
                return true;
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ClusterException(
                ErrorCode.Refused, $"{HostExecutables.ClusterHost} (process {run.ProcessId}) cannot be stopped by this user.", exception);
        }

        var elapsed = Stopwatch.StartNew();
        while (Exists(run.StopEvent) || process is { HasExited: false })
        {
            if (elapsed.Elapsed > time)
            {
                return false;
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static bool TryUse(string? name, Action<EventWaitHandle> use)
    {
        if (string.IsNullOrEmpty(name) || !EventWaitHandle.TryOpenExisting(name, out var found))
        {
            return false;
        }

        using (found)
        {
            use(found);
            return true;
        }
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
