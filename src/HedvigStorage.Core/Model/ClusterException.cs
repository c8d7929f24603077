namespace HedvigStorage;

/// <summary>
/// An operation on a cluster, an engine or the Docker Engine failed for a known reason. Its message is one clear sentence or two, for
/// people.
/// </summary>
public class ClusterException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="code">The kind of failure.</param>
    /// <param name="message">What was wrong with which value, and what would be right.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public ClusterException(ErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Gets the kind of failure.</summary>
    public ErrorCode Code { get; }
}
