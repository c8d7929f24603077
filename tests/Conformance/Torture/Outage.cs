namespace HedvigStorage.Conformance.Torture;

/// <summary>A time in which something was down.</summary>
/// <param name="What">What, and how it went down.</param>
/// <param name="IsEngine">Whether it was the engine.</param>
/// <param name="Began">When it went down, since the start of the run.</param>
internal sealed record Outage(string What, bool IsEngine, TimeSpan Began)
{
    /// <summary>Gets or sets when it answered again; <see langword="null"/> while it is down.</summary>
    public TimeSpan? Ended { get; set; }
}
