using System.ComponentModel;
using System.Diagnostics;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>A program that was started so that it outlives this process and its terminal.</summary>
internal sealed class DetachedProcess : IDisposable
{
    private const int ShownLines = 5;
    private const int LongestTail = 16 << 10;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly IStartedProcess _process;
    private readonly string _name;
    private readonly string _logFile;
    private readonly long _logStart;

    private DetachedProcess(IStartedProcess process, string name, string logFile, long logStart)
    {
        _process = process;
        _name = name;
        _logFile = logFile;
        _logStart = logStart;
    }

    /// <summary>Gets the process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a program. What it writes is appended to a log file.</summary>
    public static DetachedProcess Start(string executable, IReadOnlyList<string> arguments, string logFile)
    {
        var logStart = File.Exists(logFile) ? new FileInfo(logFile).Length : 0;
        try
        {
            IStartedProcess process = Platform.IsWindows
                ? WindowsProcess.Start(executable, arguments, logFile)
                : ShellProcess.Start(executable, arguments, logFile);
            return new DetachedProcess(process, Path.GetFileName(executable), logFile, logStart);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.Internal, $"The executable '{executable}' cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>Waits until the program answers. One that ends before, or never answers, is an error with its last words.</summary>
    /// <param name="answer">Asks it; <see langword="null"/> means no answer yet.</param>
    /// <param name="time">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait, not the program.</param>
    public async Task<T> WaitUntilAsync<T>(Func<CancellationToken, Task<T?>> answer, TimeSpan time, CancellationToken cancellationToken)
        where T : class
    {
        var elapsed = Stopwatch.StartNew();
        while (true)
        {
            var ended = _process.HasExited;
            if (!ended && await answer(cancellationToken).ConfigureAwait(false) is { } answered)
            {
                return answered;
            }

            if (ended || _process.HasExited)
            {
                throw new ClusterException(
                    ErrorCode.Internal, $"{_name} ended with status {_process.ExitCode} before it answered{LastWords()}");
            }

            if (elapsed.Elapsed > time)
            {
                throw new ClusterException(
                    ErrorCode.Unreachable, $"{_name} (process {Id}) did not answer within {time.TotalSeconds} seconds{LastWords()}");
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _process.Dispose();

    private string LastWords()
    {
        var lines = ReadLog().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        return lines.Length == 0
            ? $". Its log {_logFile} has nothing more."
            : ": " + string.Join(" ", lines.Skip(lines.Length - ShownLines));
    }

    private string ReadLog()
    {
        try
        {
            using var file = new FileStream(_logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Max(_logStart, file.Length - LongestTail);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
