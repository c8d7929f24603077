using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Cluster;
using HedvigStorage.PluginHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// This host's leases, as the cluster gives and takes them. Every call ends within a limit, with <see cref="ErrorCode.Unreachable"/> if
/// nothing is known of its outcome.
/// </summary>
internal sealed class LeaseClient(ICluster cluster, HostIdentity host, ILogger log)
{
    private static readonly TimeSpan AttachLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DetachLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewLimit = TimeSpan.FromSeconds(15);

    /// <summary>Takes the lease of a volume, or finds that this host has it.</summary>
    public Task<AttachedVolume> AttachAsync(
        string volume) => cluster.WithinAsync(AttachLimit, (target, cancellationToken) => target.AttachAsync(
        new AttachmentRequest
        {
            Volume = volume,
            Host = host.Name,
            HostId = host.Id,
            BootId = host.BootId,
            MachineId = host.BootId,
            Process = host.Process,
        },
        cancellationToken));

    /// <summary>Gives a lease back; one that is no longer ours to give is not a failure.</summary>
    public async Task DetachAsync(string volume, long generation)
    {
        try
        {
            await cluster.WithinAsync(
                DetachLimit, (target, cancellationToken) => target.DetachAsync(volume, host.Holder, generation, cancellationToken));
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.NotFound or ErrorCode.Busy)
        {
            PluginLog.LeaseGone(log, volume, exception.Message);
        }
    }

    /// <summary>Renews leases; those that this host does not have are left out of the answer.</summary>
    public Task<IReadOnlyList<Attachment>> RenewAsync(IReadOnlyCollection<string> volumes) =>
        cluster.WithinAsync(
            RenewLimit, (target, cancellationToken) => target.RenewAttachmentsAsync(host.Holder, volumes, cancellationToken));

    /// <summary>Lists the leases that the cluster believes this host to have, in this boot.</summary>
    public async Task<IReadOnlyList<Attachment>> ListAsync()
    {
        var leases = await cluster.WithinAsync(
            RenewLimit, (target, cancellationToken) => target.ListAttachmentsAsync(host.Name, cancellationToken));
        return [.. leases.Where(IsOurs)];
    }

    /// <summary>Finds who has the lease of a volume.</summary>
    /// <returns>Whether the volume is there, and its lease.</returns>
    public async Task<(bool Exists, Attachment? Lease)> FindAsync(string volume)
    {
        var found = await cluster.WithinAsync(
            DetachLimit, (target, cancellationToken) => target.FindVolumeAsync(volume, cancellationToken));
        return (found is not null, found?.Attachment);
    }

    /// <summary>Tells whether a lease is of this host in this boot.</summary>
    public bool IsOurs(Attachment lease) => lease.IsOf(host.Holder) && (lease.HostId is not null || IsOurProcess(lease.Process));

    /// <summary>Tells whether a lease that is not this host's is another one's of this machine, in this boot.</summary>
    public bool IsOfNeighbour(Attachment lease) => host.IsThisBoot(lease.BootId);

    // A lease that tells no id was taken through a program of an earlier version: by an earlier process of this host, or by another host of
    // its name that runs.
    private bool IsOurProcess(string? process) =>
        string.Equals(process, host.Process, StringComparison.Ordinal) || ProcessIdentity.Parse(process)?.HasEnded() != false;
}
