using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.PluginHost.Hosting;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>Keeps the leases of mounted volumes, and gives back in the background what could not be given back at once.</summary>
internal sealed class LeaseKeeper
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RenewLimit = TimeSpan.FromSeconds(15);

    private readonly ICluster _cluster;
    private readonly MountService _mounts;
    private readonly HostIdentity _host;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly ConcurrentDictionary<string, long> _lost = new(StringComparer.Ordinal);

    public LeaseKeeper(ICluster cluster, MountService mounts, HostIdentity host, TimeProvider time, Log log)
    {
        _cluster = cluster;
        _mounts = mounts;
        _host = host;
        _time = time;
        _log = log;
    }

    /// <summary>Tells whether the lease of a mounted volume was lost.</summary>
    /// <param name="record">The volume's record.</param>
    public bool IsLost(MountRecord record) => _lost.TryGetValue(record.Volume, out var generation) && generation == record.Generation;

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await RenewAsync();
                await _mounts.ReleaseUnusedAsync();
            }
            catch (ClusterException exception)
            {
                _log.Warning($"The leases cannot be renewed now: {exception.Message}");
            }

            await Task.Delay(Interval, _time, cancellationToken);
        }
    }

    /// <summary>Renews all leases, and says which are lost.</summary>
    public async Task RenewAsync()
    {
        var mounted = _mounts.Table.All.Where(record => record.Phase == MountPhase.Mounted).ToList();
        if (mounted.Count == 0)
        {
            return;
        }

        var held = await _cluster.WithinAsync(RenewLimit, (cluster, cancellationToken) => cluster.RenewAttachmentsAsync(
            _host.Name, _host.BootId, mounted.ConvertAll(record => record.Volume), cancellationToken));
        var generations = held.ToDictionary(lease => lease.Volume, lease => lease.Generation, StringComparer.Ordinal);
        foreach (var record in mounted)
        {
            if (generations.TryGetValue(record.Volume, out var generation) && generation == record.Generation)
            {
                _ = _lost.TryRemove(record.Volume, out _);
            }
            else if (_mounts.Table.Find(record.Volume) is { Phase: MountPhase.Mounted } present && present.Generation == record.Generation
                && !IsLost(record))
            {
                _lost[record.Volume] = record.Generation;
                var message = $"The lease of the mounted volume '{record.Volume}' (generation {record.Generation}) is lost: stop the containers that use it now, another host may write the volume.";
                _log.Critical(message);
                _mounts.Progress.Failed(record.Volume, message);
            }
        }
    }
}
