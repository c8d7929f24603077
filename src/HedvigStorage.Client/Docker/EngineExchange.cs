using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HedvigStorage.Client.Docker;

/// <summary>What one call to an engine has besides the parameters that the library's calls take.</summary>
internal sealed class EngineExchange : IDisposable
{
    private readonly TimeSpan _time;
    private readonly CancellationTokenSource _limit;

    /// <summary>Makes an exchange.</summary>
    /// <param name="time">How long it may take; with a report, how long that may be silent.</param>
    /// <param name="cancellation">Ends it.</param>
    public EngineExchange(TimeSpan time, CancellationToken cancellation)
    {
        _time = time;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Cancellation = cancellation;
        Token = _limit.Token;
    }

    /// <summary>Gets what whoever makes the call ends it by.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Gets what ends the exchange: whoever makes the call, or the end of its time.</summary>
    public CancellationToken Token { get; }

    /// <summary>Gets a value indicating whether the exchange has taken longer than it may.</summary>
    public bool IsLate => _limit.IsCancellationRequested && !Cancellation.IsCancellationRequested;

    /// <summary>Gets the query that is sent in place of the library's, which leaves out what is 0.</summary>
    public string? Query { get; init; }

    /// <summary>Gets who reads a report that grows while the engine works; the library reads a part of each line.</summary>
    public Func<Stream, EngineExchange, Task>? ReadReportAsync { get; init; }

    /// <summary>Gets a value indicating whether the answer is handed on while it comes in. Others are read to their end first.</summary>
    public bool Streams { get; init; }

    /// <summary>Gets or sets the last answer as it came, for what the library's models lack.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>Lets the time begin, or begin again.</summary>
    public void Renew() => _limit.CancelAfter(_time);

    /// <summary>Reads of the last answer what the library's models lack.</summary>
    public T ReadAnswer<T>(string what, JsonTypeInfo<T> form)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Answer, form) ?? throw EngineErrors.Unreadable(what, "the answer");
        }
        catch (JsonException exception)
        {
            throw EngineErrors.Unreadable(what, exception);
        }
    }

    public void Dispose() => _limit.Dispose();
}
