using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>A logger that keeps what it is told.</summary>
internal sealed class LogCollector : ILogger, IDisposable
{
    public ILogger Logger => this;

    public List<string> Messages { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add(formatter(state, exception));

    private void Add(string message)
    {
        lock (Messages)
        {
            Messages.Add(message);
        }
    }

    public void Dispose() => Messages.Clear();
}
