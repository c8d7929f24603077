using System.Net;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Common;

/// <summary>What the host writes to its log: one line an event.</summary>
internal static partial class HostLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Type} failed: {Message} ({Cause})")]
    public static partial void RequestFailed(ILogger logger, string? type, string message, string? cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Type} met an unexpected error.")]
    public static partial void RequestBroke(ILogger logger, string? type, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Done}")]
    public static partial void Done(ILogger logger, string done);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void Problem(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Serves with the certificate {Subject}, valid until {Until:u}.")]
    public static partial void CertificateUsed(ILogger logger, string subject, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate {Subject} is valid from {From:u} until {Until:u}, not now: "
        + "clients will refuse it.")]
    public static partial void CertificateNotValid(ILogger logger, string subject, DateTime from, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} The certificate {Subject} stays in use until the files are right.")]
    public static partial void CertificateKept(ILogger logger, string problem, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} is plain HTTP beyond this machine: passwords are sent in clear text.")]
    public static partial void PlainHttp(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} connections were refused since the last such line, "
        + "the last one from {Address}: too many were open.")]
    public static partial void ConnectionsRefused(ILogger logger, long count, IPAddress address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} by {User} from {Address}: {Outcome} in {Milliseconds} ms.")]
    public static partial void ReadEnded(ILogger logger, string type, string user, IPAddress address, string outcome, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Type} by {User} from {Address}: {Outcome} in {Milliseconds} ms.")]
    public static partial void ChangeEnded(
        ILogger logger, string type, string user, IPAddress address, string outcome, double milliseconds);
}
