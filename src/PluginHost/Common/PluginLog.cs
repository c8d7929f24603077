using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Common;

/// <summary>What the plugin host writes to its log: one line an event. What endangers data or service is critical.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "hv-plugin serves the Docker driver '{Driver}' on {Socket} with the cluster "
        + "{Cluster}.")]
    public static partial void Serves(ILogger logger, string driver, string socket, string cluster);

    [LoggerMessage(Level = LogLevel.Information, Message = "hv-plugin stops; what is mounted stays mounted.")]
    public static partial void Stops(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The cluster's certificate is not checked (--skip-certificate-check): whoever is on the way can read the password.")]
    public static partial void CertificateNotChecked(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void Problem(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Problem}")]
    public static partial void Danger(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Call} met an unexpected error.")]
    public static partial void CallBroke(ILogger logger, string call, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A Get is left without an answer, as it would be taken for 'no such volume': "
        + "{Reason}")]
    public static partial void GetNotAnswered(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Keeping host name '{Known}' while volumes are attached; '{Given}' is used from the next start without attachments.")]
    public static partial void NameKept(ILogger logger, string known, string given);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state in '{State}' has lost the host's id; it is {Id}, "
        + "as beside the mounts in '{MountRoot}'.")]
    public static partial void IdFound(ILogger logger, string state, string id, string mountRoot);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The host's id cannot be kept, so none is told to the cluster, and another plugin host of this name is known by its process "
            + "alone: {Reason}")]
    public static partial void IdNotKept(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The state in '{State}' is a copy of the one of the host with the id {Known}, so this host gets another id, {Id}, and what was "
            + "recorded there is put aside. If that other host is gone, Remove-HvAttachment ends its leases.")]
    public static partial void IdReplaced(ILogger logger, string state, string known, string id);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The list of volumes in '{Path}' cannot be written, so volumes are answered from memory: {Reason} Make room or give root the "
            + "right to write there.")]
    public static partial void CacheNotWritten(ILogger logger, string path, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The comparison of volumes with what is mounted takes long; what is stuck goes on in the background.")]
    public static partial void ComparisonTakesLong(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Volume '{Volume}': {Reason}")]
    public static partial void VolumeNotCompared(ILogger logger, string volume, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Volume '{Volume}' cannot be put right yet: {Reason}")]
    public static partial void VolumeNotPutRight(ILogger logger, string volume, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Volume '{Volume}': {Action}. {Reason}")]
    public static partial void VolumePutRight(ILogger logger, string volume, string action, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Volume '{Volume}' has grown while it is mounted.")]
    public static partial void VolumeGrown(ILogger logger, string volume);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Volume '{Volume}' at '{Path}': {Reason}")]
    public static partial void VolumeReported(ILogger logger, string volume, string path, string reason);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "Volume '{Volume}' is no longer mounted at '{Path}': somebody unmounted it. It is mounted again.")]
    public static partial void VolumeMountedAgain(ILogger logger, string volume, string path);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The engine has ended the last use of volume '{Volume}', which {Holders} has mounted: it stays mounted until that ends.")]
    public static partial void VolumeStillHeld(ILogger logger, string volume, string holders);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The leases cannot be renewed now: {Reason}")]
    public static partial void LeasesNotRenewed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of volume '{Volume}' was gone already: {Reason}")]
    public static partial void LeaseGone(ILogger logger, string volume, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease of volume '{Volume}', which nothing used, is given back.")]
    public static partial void LeaseGivenBack(ILogger logger, string volume);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of volume '{Volume}' is given back later: {Reason}")]
    public static partial void LeaseKept(ILogger logger, string volume, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of volume '{Volume}' cannot be given back yet: {Reason}")]
    public static partial void LeaseNotGivenBack(ILogger logger, string volume, string reason);
}
