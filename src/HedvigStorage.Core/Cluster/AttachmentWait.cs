using System.Diagnostics;
using HedvigStorage.Documents;

namespace HedvigStorage;

/// <summary>Waits until leases end. The wait has a limit, and none of it takes the place of a fence.</summary>
public static class AttachmentWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Ends the lease of a volume in the place of its holder, as soon as the engine is sure that the holder cannot write the volume any
    /// longer.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="limit">How long the engine is asked again while it refuses.</param>
    /// <param name="report">Takes what the engine says while it refuses.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease that was ended, or <see langword="null"/> if there was none.</returns>
    /// <exception cref="ClusterException">As <see cref="ICluster.FenceAttachmentAsync"/>; with <see cref="ErrorCode.Refused"/> if the
    /// engine still refuses when the time is over.</exception>
    public static async Task<Attachment?> FenceAsync(
        ICluster cluster, string volume, TimeSpan limit, Action<string>? report, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await cluster.FenceAttachmentAsync(volume, cancellationToken).ConfigureAwait(false);
            }
            catch (ClusterException exception) when (exception.Code == ErrorCode.Refused)
            {
                if (watch.Elapsed >= limit)
                {
                    throw new ClusterException(
                        ErrorCode.Refused, $"{exception.Message.TrimEnd('.')}. It was waited for {DurationText.Write(limit)}.");
                }

                report?.Invoke(exception.Message);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a host has given its lease of a volume back.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="host">The host.</param>
    /// <param name="limit">How long.</param>
    /// <param name="report">Takes what is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: the host still has it when the time is over.</exception>
    public static async Task UntilReleasedAsync(
        ICluster cluster, string volume, string host, TimeSpan limit, Action<string>? report, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while ((await cluster.FindVolumeAsync(volume, cancellationToken).ConfigureAwait(false))?.Attachment is { } lease
            && string.Equals(lease.Host, host, StringComparison.Ordinal))
        {
            if (watch.Elapsed >= limit)
            {
                throw new ClusterException(
                    ErrorCode.Busy, $"The host '{host}' still has the volume '{volume}' attached after {DurationText.Write(limit)}.");
            }

            report?.Invoke($"waiting until the host '{host}' gives the volume '{volume}' back");
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
