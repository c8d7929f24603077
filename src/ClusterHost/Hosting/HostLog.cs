using System;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Hosting;

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
}
