using System.Diagnostics;

namespace HedvigStorage.Hosting;

/// <summary>A program of Unix that a shell has taken away from our terminal and streams.</summary>
internal sealed class ShellProcess : IStartedProcess
{
    private readonly Process _process;

    private ShellProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static ShellProcess Start(string executable, IReadOnlyList<string> arguments, string logFile)
    {
        // A shell takes the streams away from our own and makes a session of its own; setsid replaces itself, as it is not a group leader,
        // so the id stays.
        string[] shell =
        [
            "-c",
            "log=$1; shift; if command -v setsid >/dev/null; then set -- setsid -- \"$@\"; fi; exec \"$@\" >>\"$log\" 2>&1 </dev/null",
            "sh",
            logFile,
            executable,
        ];
        var start = new ProcessStartInfo("/bin/sh", ArgumentString.Join(shell.Concat(arguments)))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(logFile))!,
        };
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RuntimeRoot.Variable)) && RuntimeRoot.Find() is { } root)
        {
            start.Environment[RuntimeRoot.Variable] = root;
        }

        return new ShellProcess(Process.Start(start)!);
    }

    public void Dispose() => _process.Dispose();
}
