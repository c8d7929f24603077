using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Hosting;
using HedvigStorage.PluginHost.Native;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// Mounts volumes at the first use and unmounts them at the end of the last one. The lease is held from before the first to after the last.
/// What is answered is on disk before; what failed is undone, and what cannot be undone now (the cluster is out of reach) is noted and undone later.
/// </summary>
internal sealed class MountService
{
    // dockerd gives up a Mount after 120 s and an Unmount after 60 s, and shows no reason then.
    private static readonly TimeSpan MountLimit = TimeSpan.FromSeconds(110);
    private static readonly TimeSpan UnmountLimit = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AttachLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DetachLimit = TimeSpan.FromSeconds(10);

    private readonly ICluster _cluster;
    private readonly IAttacher _attacher;
    private readonly MountTable _table;
    private readonly HostIdentity _host;
    private readonly string _mountRoot;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly BlockingThreads _threads = new();
    private readonly VolumeQueues _queues = new();
    private readonly VolumeProgress _progress = new();

    public MountService(ICluster cluster, IAttacher attacher, MountTable table, HostIdentity host, string mountRoot, TimeProvider time, Log log)
    {
        _cluster = cluster;
        _attacher = attacher;
        _table = table;
        _host = host;
        _mountRoot = mountRoot;
        _time = time;
        _log = log;
    }

    /// <summary>Gets what is known of each volume that is attached.</summary>
    public MountTable Table => _table;

    /// <summary>Gets what is being done, and what went wrong last.</summary>
    public VolumeProgress Progress => _progress;

    /// <summary>Gets where a volume is mounted; empty if it is not.</summary>
    /// <param name="volume">The volume's name.</param>
    public string MountpointOf(string volume) => _table.Find(volume) is { Phase: MountPhase.Mounted } ? PathOf(volume) : string.Empty;

    /// <summary>Adds a use of a volume, which is mounted if it is not.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="id">Who uses it.</param>
    /// <returns>Where it is mounted.</returns>
    /// <exception cref="ClusterException">It cannot be mounted; no use is counted then. If it only takes too long, it goes on in the background.</exception>
    public async Task<string> MountAsync(string volume, string id)
    {
        var use = new MountUse();
        var work = InTurnAsync(volume, () => MountInTurnAsync(volume, id, use));
        try
        {
            await work.WaitAsync(MountLimit, _time);
        }
        catch (TimeoutException)
        {
            if (use.TryAbandon())
            {
                var error = _progress.LastErrorOf(volume) is { } last ? $" The last error was: {last}" : string.Empty;
                throw new ClusterException(ErrorCode.Busy, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Volume '{volume}' is not mounted yet after {MountLimit.TotalSeconds:0} s. Its step is: {_progress.StepOf(volume) ?? "waiting for its turn"}. It goes on in the background; try again in a while.{error}"));
            }

            await work;
        }

        return PathOf(volume);
    }

    /// <summary>Ends a use of a volume, which is unmounted after its last one. A use that is not known changes nothing.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="id">Who used it.</param>
    /// <exception cref="ClusterException">It cannot be unmounted; the use has ended all the same, and unmounting is tried again in the background.</exception>
    public async Task UnmountAsync(string volume, string id)
    {
        try
        {
            await InTurnAsync(volume, () => UnmountInTurnAsync(volume, id)).WaitAsync(UnmountLimit, _time);
        }
        catch (TimeoutException exception)
        {
            throw new ClusterException(ErrorCode.Busy, string.Create(
                CultureInfo.InvariantCulture,
                $"Volume '{volume}' is not unmounted yet after {UnmountLimit.TotalSeconds:0} s. Its step is: {_progress.StepOf(volume) ?? "waiting for its turn"}. It goes on in the background."),
                exception);
        }
    }

    /// <summary>Does something to a volume that nothing uses, with its mount and its lease given up before.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: it is in use.</exception>
    public Task WithUnusedAsync(string volume, Func<Task> action) => InTurnAsync(volume, async () =>
    {
        if (_table.Find(volume) is { } record)
        {
            if (record.CountUses() is > 0 and var uses)
            {
                throw new ClusterException(ErrorCode.Busy, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Volume '{volume}' is mounted on host '{_host.Name}': {uses} {(uses == 1 ? "use" : "uses")} by {record.Uses.Count} mount {(record.Uses.Count == 1 ? "ID" : "IDs")}. Remove the containers that use it first."));
            }

            if (IsUnused(record))
            {
                await ReleaseAsync(record);
            }
        }

        try
        {
            await action();
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Busy or ErrorCode.Refused)
        {
            if (!await GiveBackStrayLeaseAsync(volume))
            {
                throw;
            }

            await action();
        }

        _table.Remove(volume);
        _progress.Forget(volume);
    });

    /// <summary>Compares the mount table with what is mounted, after a start.</summary>
    public async Task ReconcileAsync()
    {
        foreach (var record in _table.All)
        {
            await InTurnAsync(record.Volume, () => ReconcileInTurnAsync(record.Volume));
        }

        foreach (var mount in await _threads.RunAsync(() => MountInfo.Below(_mountRoot)))
        {
            if (_table.Find(Path.GetFileName(mount.Mountpoint)) is null)
            {
                _log.Warning($"{mount.Source} is mounted at '{mount.Mountpoint}' and no record tells why; it is left alone. The next mount of volume '{Path.GetFileName(mount.Mountpoint)}' takes it over; 'umount' it if nothing uses it.");
            }
        }
    }

    /// <summary>Unmounts what nobody uses, and gives back the leases that could not be given back before.</summary>
    public async Task ReleaseUnusedAsync()
    {
        foreach (var record in _table.All)
        {
            if (IsUnused(record))
            {
                try
                {
                    await InTurnAsync(record.Volume, async () =>
                    {
                        if (_table.Find(record.Volume) is { } present && IsUnused(present))
                        {
                            await ReleaseAsync(present);
                        }
                    });
                }
                catch (ClusterException exception)
                {
                    _log.Warning($"Volume '{record.Volume}' cannot be released yet: {exception.Message}");
                }
            }
        }
    }

    private bool IsUnused(MountRecord record) => record.CountUses() == 0
        && (record.Phase != MountPhase.Formatting || string.Equals(record.BootId, _host.BootId, StringComparison.Ordinal));

    private string PathOf(string volume) => Path.Combine(_mountRoot, volume);

    private async Task InTurnAsync(string volume, Func<Task> action)
    {
        using var turn = await _queues.EnterAsync(volume, CancellationToken.None);
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _progress.Failed(volume, exception.Message);
            throw new ClusterException(ErrorCode.Internal, exception.Message, exception);
        }
        catch (ClusterException exception)
        {
            _progress.Failed(volume, exception.Message);
            throw;
        }
        finally
        {
            _progress.End(volume);
        }
    }

    private async Task MountInTurnAsync(string volume, string id, MountUse use)
    {
        var record = _table.Find(volume);
        if (record is { Phase: MountPhase.Mounted } && await _threads.RunAsync(() => TryAddUse(record, id, use)))
        {
            return;
        }

        _progress.Step(volume, "taking the lease");
        var attached = await AttachAsync(volume, record);
        try
        {
            await _threads.RunAsync(() => MountFirst(attached, record, id, use));
        }
        catch (Exception exception) when (exception is ClusterException or IOException or UnauthorizedAccessException)
        {
            await UndoAsync(volume, attached, record);
            throw;
        }

        _progress.Forget(volume);
    }

    private bool TryAddUse(MountRecord record, string id, MountUse use)
    {
        if (!_attacher.IsMounted(record.Image, PathOf(record.Volume)))
        {
            _log.Critical($"Volume '{record.Volume}' is no longer mounted at '{PathOf(record.Volume)}': somebody unmounted it. It is mounted again.");
            return false;
        }

        if (use.TryCount())
        {
            _table.Save(record.WithUse(id));
        }

        return true;
    }

    private async Task<AttachedVolume> AttachAsync(string volume, MountRecord? record)
    {
        try
        {
            return await _cluster.WithinAsync(AttachLimit, (cluster, cancellationToken) => cluster.AttachAsync(
                new AttachmentRequest { Volume = volume, Host = _host.Name, BootId = _host.BootId, MachineId = _host.BootId }, cancellationToken));
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Unreachable && record is null)
        {
            // The lease may have been given and the answer lost: a note makes sure that it does not stay.
            await _threads.RunAsync(() => _table.Save(new MountRecord
            {
                Volume = volume,
                Generation = 0,
                BootId = _host.BootId,
                Image = string.Empty,
                Phase = MountPhase.Releasing,
            }));
            throw;
        }
    }

    private void MountFirst(AttachedVolume attached, MountRecord? before, string id, MountUse use)
    {
        var volume = attached.Volume;
        if (!string.Equals(attached.DeviceKind, "image", StringComparison.Ordinal))
        {
            throw new ClusterException(ErrorCode.Unsupported, $"Volume '{volume.Name}' is reached as '{attached.DeviceKind}', which this plugin host cannot mount: it mounts 'image'.");
        }

        var sameBoot = string.Equals(before?.BootId, _host.BootId, StringComparison.Ordinal);
        var record = new MountRecord
        {
            Volume = volume.Name,
            VolumeId = volume.Id,
            Generation = attached.Attachment.Generation,
            BootId = _host.BootId,
            Image = _attacher.Resolve(attached.DevicePath),
            Phase = MountPhase.Mounted,
            Uses = before is { Phase: MountPhase.Mounted } && sameBoot ? before.Uses : new Dictionary<string, int>(StringComparer.Ordinal),
        };
        _attacher.Mount(new MountRequest
        {
            Volume = volume,
            Image = record.Image,
            Mountpoint = PathOf(volume.Name),
            DeviceIsOurs = before is not null && sameBoot && string.Equals(before.Image, record.Image, StringComparison.Ordinal),
            Mark = MarkOf(before, record),
            BeforeFormatting = fileSystemId => _table.Save(record with { Phase = MountPhase.Formatting, FileSystemId = fileSystemId }),
            Cleared = () => _table.Remove(volume.Name),
            Progress = step => _progress.Step(volume.Name, step),
            Warn = message =>
            {
                _log.Warning(message);
                _progress.Failed(volume.Name, message);
            },
        });
        _table.Save(use.TryCount() ? record.WithUse(id) : record);
    }

    private static FormattingMark? MarkOf(MountRecord? before, MountRecord now) =>
        before is { Phase: MountPhase.Formatting, FileSystemId: { } id } && string.Equals(before.VolumeId, now.VolumeId, StringComparison.Ordinal)
            ? new FormattingMark(id, before.Generation == now.Generation && string.Equals(before.BootId, now.BootId, StringComparison.Ordinal))
            : null;

    // Nothing of a failed mount may stay: neither the mount, nor the lease that keeps others from the volume.
    private async Task UndoAsync(string volume, AttachedVolume attached, MountRecord? before)
    {
        if (before is { Phase: MountPhase.Mounted })
        {
            return;
        }

        try
        {
            if (_table.Find(volume) is { Phase: not MountPhase.Releasing } left)
            {
                // The file system is made, or its clearing failed.
                await ReleaseAsync(left);
                return;
            }

            await DetachAsync(volume, attached.Attachment.Generation);
            _table.Remove(volume);
        }
        catch (ClusterException exception)
        {
            _log.Warning($"The lease of volume '{volume}' cannot be given back yet: {exception.Message}");
            if (_table.Find(volume) is null)
            {
                await _threads.RunAsync(() => _table.Save(new MountRecord
                {
                    Volume = volume,
                    VolumeId = attached.Volume.Id,
                    Generation = attached.Attachment.Generation,
                    BootId = _host.BootId,
                    Image = string.Empty,
                    Phase = MountPhase.Releasing,
                }));
            }
        }
    }

    private async Task UnmountInTurnAsync(string volume, string id)
    {
        if (_table.Find(volume) is not { } record || !record.Uses.ContainsKey(id))
        {
            return;
        }

        var left = record.WithoutUse(id);
        if (left.Uses.Count > 0)
        {
            await _threads.RunAsync(() => _table.Save(left));
            return;
        }

        await ReleaseAsync(left);
    }

    // Unmount, give back the lease, forget: in this order, so that a crash at any point leaves a record to go on from.
    private async Task ReleaseAsync(MountRecord record)
    {
        var volume = record.Volume;
        try
        {
            _progress.Step(volume, "unmounting");
            if (record.Image.Length > 0)
            {
                await _threads.RunAsync(() => Unmount(record));
            }

            _progress.Step(volume, "giving back the lease");
            if (record.Generation > 0)
            {
                await DetachAsync(volume, record.Generation);
            }
            else
            {
                _ = await GiveBackStrayLeaseAsync(volume);
            }
        }
        catch (Exception exception) when (exception is ClusterException or IOException or UnauthorizedAccessException)
        {
            var mounted = record.Phase == MountPhase.Formatting ? record : record with { Phase = MountPhase.Releasing };
            await _threads.RunAsync(() => _table.Save(mounted));
            _progress.Failed(volume, exception.Message);

            // The data is written and the mount is gone: that the cluster does not know it yet is no failure of the caller's.
            if (exception is ClusterException { Code: ErrorCode.Unreachable })
            {
                _log.Warning($"The lease of volume '{volume}' is given back later: {exception.Message}");
                return;
            }

            throw;
        }

        _table.Remove(volume);
    }

    private void Unmount(MountRecord record)
    {
        _attacher.Unmount(record.Image, PathOf(record.Volume), BusyLimit);
        if (record.Phase == MountPhase.Formatting && File.Exists(record.Image))
        {
            _attacher.Clear(record.Image);
        }
    }

    private async Task DetachAsync(string volume, long generation)
    {
        try
        {
            await _cluster.WithinAsync(DetachLimit, (cluster, cancellationToken) => cluster.DetachAsync(volume, _host.Name, generation, cancellationToken));
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.NotFound or ErrorCode.Busy)
        {
            // The volume or the lease is no longer ours to give.
            _log.Warning($"The lease of volume '{volume}' was gone already: {exception.Message}");
        }
    }

    // A lease that a crash or a lost answer has left: it is of this host and this boot, and nothing on this machine uses the image.
    private async Task<bool> GiveBackStrayLeaseAsync(string volume)
    {
        try
        {
            var found = await _cluster.WithinAsync(DetachLimit, (cluster, cancellationToken) => cluster.FindVolumeAsync(volume, cancellationToken));
            if (found?.Attachment is not { } lease || !string.Equals(lease.Host, _host.Name, StringComparison.Ordinal)
                || !string.Equals(lease.BootId, _host.BootId, StringComparison.Ordinal))
            {
                return false;
            }

            var attached = await AttachAsync(volume, record: null);
            var inUse = await _threads.RunAsync(() =>
            {
                var image = _attacher.Resolve(attached.DevicePath);
                if (_attacher.IsMounted(image, PathOf(volume)))
                {
                    // No record: the path was never answered, so nobody uses it.
                    _attacher.Unmount(image, PathOf(volume), BusyLimit);
                }

                return _attacher.IsInUse(image);
            });
            if (inUse)
            {
                return false;
            }

            await DetachAsync(volume, attached.Attachment.Generation);
            _log.Information($"The lease of volume '{volume}', which nothing used, is given back.");
            return true;
        }
        catch (ClusterException exception) when (exception.Code != ErrorCode.Unreachable)
        {
            return false;
        }
    }

    private async Task ReconcileInTurnAsync(string volume)
    {
        if (_table.Find(volume) is not { } record)
        {
            return;
        }

        await _threads.RunAsync(() =>
        {
            if (!string.Equals(record.BootId, _host.BootId, StringComparison.Ordinal))
            {
                // No mount and no lease outlives the boot. A half-made file system does: its note stays for the next mount.
                if (record.Phase != MountPhase.Formatting)
                {
                    _table.Remove(volume);
                }
            }
            else if (record.Phase == MountPhase.Mounted && !_attacher.IsMounted(record.Image, PathOf(volume)))
            {
                _log.Warning($"Volume '{volume}' was mounted when this plugin host stopped and is not now; its lease is given back.");
                _table.Save(record with { Phase = MountPhase.Releasing, Uses = new Dictionary<string, int>(StringComparer.Ordinal) });
            }
        });
    }
}
