namespace HedvigStorage.Errors;

/// <summary>
/// The one table that gives every failure its category and the end of its error id; the beginning is the noun, as in <c>VolumeNotFound</c>.
/// </summary>
internal static class ErrorTable
{
    private static readonly Dictionary<ErrorCode, (ErrorCategory Category, string Cause)> Rows = new()
    {
        [ErrorCode.Internal] = (ErrorCategory.InvalidResult, "Failed"),
        [ErrorCode.InvalidArgument] = (ErrorCategory.InvalidArgument, "Invalid"),
        [ErrorCode.NotFound] = (ErrorCategory.ObjectNotFound, "NotFound"),
        [ErrorCode.Conflict] = (ErrorCategory.ResourceExists, "Conflict"),
        [ErrorCode.Busy] = (ErrorCategory.ResourceBusy, "Busy"),
        [ErrorCode.Refused] = (ErrorCategory.InvalidOperation, "Refused"),
        [ErrorCode.NoSpace] = (ErrorCategory.LimitsExceeded, "NoSpace"),
        [ErrorCode.Unsupported] = (ErrorCategory.NotImplemented, "Unsupported"),
        [ErrorCode.Unauthorized] = (ErrorCategory.AuthenticationError, "Unauthorized"),
        [ErrorCode.Unreachable] = (ErrorCategory.ConnectionError, "Unreachable"),
        [ErrorCode.Protocol] = (ErrorCategory.ProtocolError, "Protocol"),
    };

    public static ErrorRecord ToRecord(this ClusterException exception, string subject, object? target)
    {
        var (category, cause) = Rows[exception.Code];
        return new ErrorRecord(exception, Subject(exception.Code, subject) + cause, category, target);
    }

    /// <summary>Tells whether the failure ends the whole command, because every other object would meet it too.</summary>
    public static bool EndsCommand(this ClusterException exception) => exception.Code is ErrorCode.Unauthorized or ErrorCode.Unreachable;

    // Who cannot be reached is the cluster or the engine, whatever was asked of it.
    private static string Subject(ErrorCode code, string subject) =>
        code is not (ErrorCode.Unauthorized or ErrorCode.Unreachable or ErrorCode.Protocol) ? subject : subject switch
        {
            Subjects.DockerPlugin => subject,
            Subjects.DockerEngine or Subjects.Container or Subjects.DockerVolume => Subjects.DockerEngine,
            _ => Subjects.Cluster,
        };
}
