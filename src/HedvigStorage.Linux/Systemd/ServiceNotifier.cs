using System.Net.Http;
using System.Net.Sockets;

namespace HedvigStorage.Linux.Systemd;

/// <summary>
/// Tells systemd how a host is doing: sd_notify(3) and sd_watchdog_enabled(3). Without <c>NOTIFY_SOCKET</c> nothing is sent.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StartCheckLimit = TimeSpan.FromSeconds(10);

    private readonly UnixDomainSocketEndPoint? _receiver;
    private readonly Socket? _socket;
    private readonly Action<string> _warn;
    private readonly TimeProvider _time;
    private bool _warned;

    /// <summary>Makes a notifier of what the environment says.</summary>
    /// <param name="environment">Finds an environment variable.</param>
    /// <param name="processId">This process.</param>
    /// <param name="warn">Takes the one warning if systemd cannot be told.</param>
    /// <param name="time">The clock.</param>
    public ServiceNotifier(Func<string, string?> environment, int processId, Action<string> warn, TimeProvider time)
    {
        _warn = warn;
        _time = time;
        if (environment("NOTIFY_SOCKET") is not { Length: > 0 } path)
        {
            return;
        }

        // '@' stands for the zero byte that an abstract name begins with.
        if (path.Length < 2 || path[0] is not ('/' or '@') || Encoding.UTF8.GetByteCount(path) > 107)
        {
            Warn($"NOTIFY_SOCKET is '{ObjectName.Printable(path)}', which is neither a path nor a name with @, of at most 107 bytes.");
            return;
        }

        _receiver = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        Watchdog = ReadWatchdog(environment, processId);
    }

    /// <summary>Gets whether there is anybody to tell.</summary>
    public bool IsEnabled => _receiver is not null;

    /// <summary>Gets the time after which systemd takes the host for stuck, or <see langword="null"/> if it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>
    /// Says that the host is ready when it has answered its own request, and then, at half of the watchdog's time, that it is alive as long
    /// as it goes on to answer. It ends when it is stopped, or at once if there is nobody to tell.
    /// </summary>
    /// <param name="check">Sends the host a request of its own; it throws if there is no answer.</param>
    /// <param name="status">One line for <c>systemctl status</c>.</param>
    /// <param name="stopping">Stops it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> check, string status, CancellationToken stopping)
    {
        if (!IsEnabled)
        {
            return;
        }

        try
        {
            while (await FindFailureAsync(check, StartCheckLimit, stopping).ConfigureAwait(false) is { } failure)
            {
                await SendAsync($"STATUS=Does not answer yet: {OneLine(failure)}").ConfigureAwait(false);
                await Task.Delay(StartPause, _time, stopping).ConfigureAwait(false);
            }

            await SendAsync($"READY=1\nSTATUS={OneLine(status)}").ConfigureAwait(false);
            if (Watchdog is { } watchdog)
            {
                await FeedAsync(check, status, watchdog, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    /// <summary>Says that the host is about to stop.</summary>
    /// <param name="status">One line for <c>systemctl status</c>.</param>
    public Task StoppingAsync(string status) => SendAsync($"STOPPING=1\nSTATUS={OneLine(status)}");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private async Task FeedAsync(Func<CancellationToken, Task> check, string status, TimeSpan watchdog, CancellationToken stopping)
    {
        var failed = false;
        while (true)
        {
            // A check that fails is repeated while there is time: one lost answer is not a reason to be killed.
            if (await FindFailureAsync(check, watchdog / 4, stopping).ConfigureAwait(false) is { } failure)
            {
                failed = true;
                await SendAsync($"STATUS=Does not answer its own request: {OneLine(failure)}").ConfigureAwait(false);
                await Task.Delay(watchdog / 16, _time, stopping).ConfigureAwait(false);
                continue;
            }

            await SendAsync(failed ? $"WATCHDOG=1\nSTATUS={OneLine(status)}" : "WATCHDOG=1").ConfigureAwait(false);
            failed = false;
            await Task.Delay(watchdog / 2, _time, stopping).ConfigureAwait(false);
        }
    }

    private async Task<string?> FindFailureAsync(Func<CancellationToken, Task> check, TimeSpan limit, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        try
        {
            await check(either.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or System.IO.IOException or SocketException)
        {
            return exception.Message;
        }
    }

    private async Task SendAsync(string message)
    {
        if (_receiver is null)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(SendLimit);
            _ = await _socket!.SendToAsync(Encoding.UTF8.GetBytes(message), SocketFlags.None, _receiver, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            Warn($"systemd could not be told how this host is doing: {exception.Message}");
        }
    }

    private void Warn(string message)
    {
        if (!_warned)
        {
            _warned = true;
            _warn(message);
        }
    }

    private TimeSpan? ReadWatchdog(Func<string, string?> environment, int processId)
    {
        // It may be meant for the process that started this one.
        if (environment("WATCHDOG_USEC") is not { Length: > 0 } text
            || (environment("WATCHDOG_PID") is { Length: > 0 } process && !string.Equals(
                process, processId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))
        {
            return null;
        }

        const long LongestMicroseconds = 86_400_000_000;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds is > 0 and <= LongestMicroseconds)
        {
            return TimeSpan.FromMicroseconds(microseconds);
        }

        Warn(
            $"WATCHDOG_USEC is '{ObjectName.Printable(text)}', not a number of microseconds from 1 to {LongestMicroseconds}; "
                + "the watchdog is not fed.");
        return null;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
