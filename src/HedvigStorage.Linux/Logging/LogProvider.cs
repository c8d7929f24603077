using Microsoft.Extensions.Logging;

namespace HedvigStorage.Linux.Logging;

/// <summary>Makes loggers that write one line an event, with the request that it happened for.</summary>
/// <param name="write">Takes a line.</param>
/// <param name="format">The form of lines.</param>
/// <param name="time">What the time is.</param>
/// <param name="requestId">Tells the request that is being answered; default: none.</param>
internal sealed class LogProvider(
    Action<string> write, LogFormat format, TimeProvider time, Func<string?>? requestId = null) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(write, format, time, requestId);

    public void Dispose()
    {
        // The lines are their owner's to end, after the last part that logs.
    }

    private sealed class LineLogger(Action<string> write, LogFormat format, TimeProvider time, Func<string?>? requestId) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new LogLine(
                time.GetUtcNow(), logLevel, eventId.Name ?? "Message", requestId?.Invoke(), formatter(state, exception), exception);
            write(line.ToString(format, state as IReadOnlyList<KeyValuePair<string, object?>>));
        }
    }
}
