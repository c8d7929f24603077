namespace HedvigStorage.Conformance.Torture;

/// <summary>What one try of an operation has come to.</summary>
/// <param name="Done">Whether it was acknowledged.</param>
/// <param name="Output">What it said.</param>
/// <param name="Error">Why it was not done.</param>
internal sealed record Attempt(bool Done, string Output, string Error)
{
    // A container that was ended by a signal has said nothing, and neither does the client for it.
    private const int Signals = 128;

    /// <summary>
    /// Gets whether a container cannot be started again as containerd still has the task of an engine that was killed: the engine never
    /// mends that.
    /// </summary>
    public bool IsLeftByAKilledEngine =>
        Error.Contains("task ", StringComparison.Ordinal) && Error.Contains(": already exists", StringComparison.Ordinal);

    /// <summary>Takes the end of a program.</summary>
    public static Attempt Of(Ended ended) => new(
        ended.Status == 0,
        ended.Output,
        ended.Status > Signals && string.IsNullOrWhiteSpace(ended.Errors)
            ? $"The container was ended with status {ended.Status}."
            : ended.Errors.Trim());

    /// <summary>Takes success also if what was to be removed is not there.</summary>
    public Attempt OrGone(string gone) =>
        Done || Error.Contains(gone, StringComparison.OrdinalIgnoreCase) ? this with { Done = true } : this;
}
