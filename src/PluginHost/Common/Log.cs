namespace HedvigStorage.PluginHost.Common;

/// <summary>Writes what happens to standard error, one line each, with the priorities that systemd's journal reads (sd-daemon(3)).</summary>
internal sealed class Log
{
    private readonly Action<string> _write;

    public Log(Action<string> write) => _write = write;

    /// <summary>Gets a log that keeps nothing.</summary>
    public static Log None { get; } = new(_ => { });

    /// <summary>Says what is worth knowing.</summary>
    public void Information(string message) => Write("<6>", message);

    /// <summary>Says what somebody should look at.</summary>
    public void Warning(string message) => Write("<4>", message);

    /// <summary>Says what endangers data or service.</summary>
    public void Critical(string message) => Write("<2>", message);

    private void Write(string priority, string message) => _write(string.Create(
        CultureInfo.InvariantCulture,
        $"{priority}{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {message.ReplaceLineEndings(" ")}"));
}
