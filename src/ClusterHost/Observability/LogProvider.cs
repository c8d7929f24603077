using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Observability;

/// <summary>Makes loggers that write one line an event, with the request that it happened for.</summary>
internal sealed class LogProvider(LogLines lines, LogFormat format, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(lines, format, time);

    public void Dispose()
    {
        // The lines are their owner's to end, after the last part that logs.
    }

    private sealed class LineLogger(LogLines lines, LogFormat format, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new LogLine(time.GetUtcNow(), logLevel, eventId.Name ?? "Message", RequestId.Current, formatter(state, exception), exception);
            lines.Write(format == LogFormat.Json ? line.ToJson(state as IReadOnlyList<KeyValuePair<string, object?>>) : line.ToText());
        }
    }
}
