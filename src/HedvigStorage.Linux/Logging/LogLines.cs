using System.Threading.Channels;

namespace HedvigStorage.Linux.Logging;

/// <summary>Writes log lines behind their makers' backs: a terminal or a pipe that is stuck must not hold up requests.</summary>
internal sealed class LogLines : IAsyncDisposable
{
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan LastLinesLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<string> _lines;
    private readonly TextWriter _writer;
    private readonly Task _loop;

    public LogLines(TextWriter writer)
    {
        _writer = writer;
        // When nobody reads, the oldest lines go: the newest say what is the matter now.
        _lines = Channel.CreateBounded<string>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    public void Write(string line) => _ = _lines.Writer.TryWrite(line);

    public async ValueTask DisposeAsync()
    {
        _ = _lines.Writer.TryComplete();
        _ = await Task.WhenAny(_loop, Task.Delay(LastLinesLimit));
    }

    private async Task RunAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                await _writer.WriteLineAsync(line);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // Nobody reads any more; the host serves on.
            }
        }
    }
}
