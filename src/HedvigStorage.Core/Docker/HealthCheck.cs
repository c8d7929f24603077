namespace HedvigStorage.Docker;

/// <summary>
/// How an engine finds out whether a container is healthy. What is <see langword="null"/> is the image's, or the engine's default.
/// </summary>
public sealed record HealthCheck
{
    /// <summary>The engine's default of <see cref="Interval"/> and <see cref="Timeout"/>.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(30);

    /// <summary>The shortest time that an engine takes; it takes none at all for the image's.</summary>
    public static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);

    /// <summary>The engine's default of <see cref="Retries"/>.</summary>
    public const int DefaultRetries = 3;

    /// <summary>
    /// Gets the test: <c>NONE</c>, or <c>CMD</c> with a program and its arguments, or <c>CMD-SHELL</c> with a line for the shell.
    /// </summary>
    public IReadOnlyList<string>? Test { get; init; }

    /// <summary>Gets the time between two tests.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Gets how long one test may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Gets how long the container may take to start: tests that fail in that time do not count. None at all is the shortest that an engine
    /// takes.
    /// </summary>
    public TimeSpan? StartPeriod { get; init; }

    /// <summary>Gets how many tests in a row must fail until it is unhealthy.</summary>
    public int? Retries { get; init; }
}
