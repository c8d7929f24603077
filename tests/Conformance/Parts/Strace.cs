using System.Diagnostics;

namespace HedvigStorage.Conformance.Parts;

/// <summary>strace(1), attached to a running program, that has one system call of a kind fail, or kills whoever makes it.</summary>
internal sealed class Strace : IAsyncDisposable
{
    private readonly Process _tracer;
    private readonly string _log;

    private Strace(Process tracer, string log)
    {
        _tracer = tracer;
        _log = log;
    }

    /// <summary>Attaches to a program and all its threads and children.</summary>
    /// <param name="processId">The program.</param>
    /// <param name="systemCalls">The system calls, with commas between them.</param>
    /// <param name="fault">What happens, as strace writes it: <c>error=EIO</c>, <c>signal=SIGKILL</c>; <see langword="null"/> if they are
    /// only to be listed.</param>
    /// <param name="number">At which call of a thread, from 1.</param>
    /// <param name="log">The file that takes what was traced.</param>
    public static async Task<Strace> InjectAsync(int processId, string systemCalls, string? fault, int number, string log)
    {
        File.Delete(log);
        string[] injection = fault is null
            ? []
            : ["-e", string.Create(CultureInfo.InvariantCulture, $"inject={systemCalls}:{fault}:when={number}")];
        var start = new ProcessStartInfo(
            "strace", ["-f", "-p", processId.ToString(CultureInfo.InvariantCulture), "-o", log, "-e", "trace=" + systemCalls, .. injection])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var tracer = Process.Start(start)!;
        Assert.Contains("attached", await tracer.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        return new Strace(tracer, log);
    }

    /// <summary>
    /// Tells which system calls were made, and how often the thread that made most of a kind did. It is asked when the tracer has ended.
    /// </summary>
    public IReadOnlyList<(string Call, int Most)> Calls() => Lines()
        .Select(
            line =>
                (
                    Thread: line[..line.IndexOf(' ', StringComparison.Ordinal)],
                    Call: line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim().Split('(')[0]))
        .Where(made => made.Call.Length > 0 && char.IsAsciiLetterLower(made.Call[0]))
        .GroupBy(made => made.Call, StringComparer.Ordinal)
        .Select(calls => (calls.Key, calls.GroupBy(made => made.Thread, StringComparer.Ordinal).Max(thread => thread.Count())))
        .OrderBy(call => call.Key, StringComparer.Ordinal)
        .ToArray();

    /// <summary>Tells whether a call was made to fail, or ended whoever made it. It is asked when the tracer has ended.</summary>
    public bool HasHit() =>
        Lines().Any(
            line => line.Contains("(INJECTED)", StringComparison.Ordinal) || line.Contains("killed by SIGKILL", StringComparison.Ordinal));

    private IEnumerable<string> Lines() => File.ReadLines(_log).Where(line => line.Contains(' ', StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        // What it traces goes on without it. Asked to end by itself, it may wait for ever for a process that is being killed.
        _tracer.Kill();
        await _tracer.WaitForExitAsync();
        _tracer.Dispose();
    }
}
