using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Hosting;

/// <summary>A host that runs already, known by a process id that was written down. An id is used again for another program, so it is never trusted alone.</summary>
internal static class HostProcess
{
    private const int Terminate = 15;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets whether this process is root's.</summary>
    public static bool IsRoot => !Platform.IsWindows && EffectiveUser() == 0;

    /// <summary>Tells whether the process runs and has that argument on its command line.</summary>
    /// <param name="processId">The id.</param>
    /// <param name="executable">The program's name; where a command line cannot be read it is all there is to compare.</param>
    /// <param name="argument">The argument that no other program has, such as its data folder.</param>
    public static bool IsRunning(int processId, string executable, string argument)
    {
        if (processId <= 0)
        {
            return false;
        }

        try
        {
            if (Platform.IsLinux)
            {
                // The command line of a process that has ended but was not waited for is empty.
                var commandLine = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{processId}/cmdline")).Split('\0');
                return commandLine.Contains(argument, StringComparer.Ordinal) && commandLine.Any(part => part.EndsWith(executable, StringComparison.Ordinal));
            }

            using var process = Process.GetProcessById(processId);
            return !process.HasExited && string.Equals(process.ProcessName, executable, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Asks the process to end and waits until it has.</summary>
    /// <returns>Whether it has ended within the time.</returns>
    public static async Task<bool> StopAsync(int processId, string executable, string argument, TimeSpan time, CancellationToken cancellationToken)
    {
        if (!IsRunning(processId, executable, argument))
        {
            return true;
        }

        if (Platform.IsWindows)
        {
            // Windows has no request to end for a program without a window, and this one does not listen yet; the hosts survive being killed.
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        else if (Kill(processId, Terminate) != 0 && IsRunning(processId, executable, argument))
        {
            throw new ClusterException(ErrorCode.Refused, $"{executable} (process {processId}) cannot be stopped by this user.");
        }

        var elapsed = Stopwatch.StartNew();
        while (IsRunning(processId, executable, argument))
        {
            if (elapsed.Elapsed > time)
            {
                return false;
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
