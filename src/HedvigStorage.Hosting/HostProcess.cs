using System.Diagnostics;
using System.Runtime.InteropServices;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>
/// A host that runs already, known by a process id that was written down. An id is used again for another program, so it is never trusted
/// alone.
/// </summary>
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
    public static bool IsRunning(int processId, string executable, string argument) =>
        IsRunning(processId, executable, part => string.Equals(part, argument, StringComparison.Ordinal));

    /// <summary>Tells whether the process runs and has an argument that leads to that folder, by whatever path.</summary>
    /// <param name="processId">The id.</param>
    /// <param name="executable">The program's name; where a command line cannot be read it is all there is to compare.</param>
    /// <param name="option">The option that names the folder.</param>
    /// <param name="folder">The folder.</param>
    public static bool IsRunningFor(int processId, string executable, string option, string folder)
    {
        // A path that is not rooted is one from where the process runs.
        var current = FormattableString.Invariant($"/proc/{processId}/cwd");
        return IsRunning(processId, executable, part =>
            string.Equals(part, folder, StringComparison.Ordinal)
            || FolderIdentity.AreSame(
                Path.Combine(current, part.StartsWith(option + "=", StringComparison.Ordinal) ? part.Substring(option.Length + 1) : part),
                folder));
    }

    /// <summary>Tells whether the process runs and has an argument that is its own.</summary>
    private static bool IsRunning(int processId, string executable, Func<string, bool> isItsArgument)
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
                return commandLine.Any(part => part.EndsWith(executable, StringComparison.Ordinal))
                    && commandLine.Any(part => part.Length > 0 && isItsArgument(part));
            }

            using var process = Process.GetProcessById(processId);
            return !process.HasExited && string.Equals(process.ProcessName, executable, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Asks the process to end and waits until it has.</summary>
    /// <returns>Whether it has ended within the time.</returns>
    public static Task<bool> StopAsync(
        int processId, string executable, string argument, TimeSpan time, CancellationToken cancellationToken) =>
        StopAsync(processId, executable, () => IsRunning(processId, executable, argument), time, cancellationToken);

    /// <summary>Asks the process to end and waits until it has.</summary>
    /// <param name="processId">The id.</param>
    /// <param name="executable">The program's name.</param>
    /// <param name="isRunning">Tells whether it is that process, and runs.</param>
    /// <param name="time">How long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it has ended within the time.</returns>
    public static async Task<bool> StopAsync(
        int processId, string executable, Func<bool> isRunning, TimeSpan time, CancellationToken cancellationToken)
    {
        if (!isRunning())
        {
            return true;
        }

        if (Platform.IsWindows)
        {
            // Windows has no request to end for a program without a window, and this one does not listen yet; the hosts survive being
            // killed.
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        else if (Kill(processId, Terminate) != 0 && isRunning())
        {
            throw new ClusterException(ErrorCode.Refused, $"{executable} (process {processId}) cannot be stopped by this user.");
        }

        var elapsed = Stopwatch.StartNew();
        while (isRunning())
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
