namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>What a host in this process has logged.</summary>
internal sealed class LogText : TextWriter
{
    private readonly List<string> _lines = [];

    public override Encoding Encoding => Encoding.UTF8;

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_lines)
        {
            _lines.Add(value ?? string.Empty);
        }
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public int Count(string part) => Array.FindAll(Lines, line => line.Contains(part, StringComparison.Ordinal)).Length;

    public Task HasAsync(string part) => Eventually.TrueAsync(() => Count(part) > 0, $"a log line with '{part}'");
}
