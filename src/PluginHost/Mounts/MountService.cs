using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Native;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// Mounts volumes at the first use and unmounts them at the end of the last one. The lease is held from before the first to after the last.
/// What is answered is on disk before; what failed is undone, and what cannot be undone now (the cluster is out of reach) is noted and
/// undone later.
/// </summary>
internal sealed class MountService
{
    private readonly LeaseClient _leases;
    private readonly IAttacher _attacher;
    private readonly MountTable _table;
    private readonly VolumeReleaser _releaser;
    private readonly VolumeMounter _mounter;
    private readonly VolumeTurns _turns;
    private readonly BlockingThreads _threads;
    private readonly HostIdentity _host;
    private readonly string _mountRoot;
    private readonly CallLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public MountService(
        LeaseClient leases,
        IAttacher attacher,
        MountTable table,
        VolumeReleaser releaser,
        VolumeTurns turns,
        BlockingThreads threads,
        HostIdentity host,
        string mountRoot,
        CallLimits limits,
        TimeProvider time,
        ILogger log)
    {
        _leases = leases;
        _attacher = attacher;
        _table = table;
        _releaser = releaser;
        _mounter = new VolumeMounter(attacher, table, turns.Progress, log);
        _turns = turns;
        _threads = threads;
        _host = host;
        _mountRoot = mountRoot;
        _limits = limits;
        _time = time;
        _log = log;
    }

    /// <summary>Gets what is being done, and what went wrong last.</summary>
    public VolumeProgress Progress => _turns.Progress;

    /// <summary>Gets where a volume is mounted; empty if it is not.</summary>
    /// <param name="volume">The volume's name.</param>
    public string MountpointOf(string volume) =>
        _table.Find(volume) is { Phase: MountPhase.Mounted or MountPhase.Stale } ? PathOf(volume) : string.Empty;

    /// <summary>Adds a use of a volume, which is mounted if it is not.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="id">Who uses it.</param>
    /// <param name="engine">The engine's process that asks.</param>
    /// <returns>Where it is mounted.</returns>
    /// <exception cref="ClusterException">It cannot be mounted; no use is counted then. If it only takes too long, it goes on in the
    /// background.</exception>
    public async Task<string> MountAsync(string volume, string id, string? engine)
    {
        var use = new MountUse(id, engine);
        var work = _turns.RunAsync(volume, () => MountInTurnAsync(volume, use));
        try
        {
            await work.WaitAsync(_limits.Mount, _time);
        }
        catch (TimeoutException)
        {
            if (use.TryAbandon())
            {
                var error = Progress.LastErrorOf(volume) is { } last ? $" The last error was: {last}" : string.Empty;
                throw new ClusterException(ErrorCode.Busy, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Volume '{volume}' is not mounted yet after {_limits.Mount.TotalSeconds:0} s. Its step is: "
                    + $"{Progress.StepOf(volume) ?? "waiting for its turn"}. It goes on in the background; try again in a while.{error}"));
            }

            await work;
        }

        return PathOf(volume);
    }

    /// <summary>Ends a use of a volume, which is unmounted after its last one. A use that is not known changes nothing.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="id">Who used it.</param>
    /// <param name="engine">The engine's process that asks.</param>
    /// <exception cref="ClusterException">It cannot be unmounted; the use has ended all the same, and unmounting is tried again in the
    /// background.</exception>
    public async Task UnmountAsync(string volume, string id, string? engine)
    {
        try
        {
            await _turns.RunAsync(volume, () => UnmountInTurnAsync(volume, id, engine)).WaitAsync(_limits.Unmount, _time);
        }
        catch (TimeoutException exception)
        {
            throw new ClusterException(ErrorCode.Busy, string.Create(
                CultureInfo.InvariantCulture,
                $"Volume '{volume}' is not unmounted yet after {_limits.Unmount.TotalSeconds:0} s. Its step is: "
                    + $"{Progress.StepOf(volume) ?? "waiting for its turn"}. It goes on in the background."),
                exception);
        }
    }

    /// <summary>Does something to a volume that nothing uses, with its mount and its lease given up before.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="engine">The engine's process that asks: it does so only when none of its containers refers to the volume, so what it
    /// had counted has ended.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: it is in use; the message says by whom.</exception>
    public Task WithUnusedAsync(string volume, string? engine, Func<Task> action) => _turns.RunAsync(volume, async () =>
    {
        if (_table.Find(volume) is { } record && !IsLeftFormatting(record))
        {
            await ReleaseUnusedAsync(record, engine);
        }

        try
        {
            await action();
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Busy or ErrorCode.Refused)
        {
            if (!await _releaser.GiveBackStrayLeaseAsync(volume))
            {
                throw;
            }

            await action();
        }

        _table.Remove(volume);
        Progress.Forget(volume);
    });

    private string PathOf(string volume) => Path.Combine(_mountRoot, volume);

    // The note of a file system that was half made in an earlier boot: there is nothing to unmount.
    private bool IsLeftFormatting(MountRecord record) => record.Phase == MountPhase.Formatting && !_host.IsThisBoot(record.BootId);

    private async Task ReleaseUnusedAsync(MountRecord record, string? engine)
    {
        var holders = await _releaser.FindHoldersAsync(record.Image);
        var live = record.Uses.Where(
            use => (engine is null || !string.Equals(use.Engine, engine, StringComparison.Ordinal)) && !EndedEngines.Has(use)).ToList();
        if (holders.Count == 0 && live.Count == 0)
        {
            holders = await _releaser.ReleaseAsync(record);
            if (holders.Count == 0)
            {
                return;
            }
        }

        var uses = live.Sum(use => use.Count);
        var ids = live.Select(use => use.Id).Distinct(StringComparer.Ordinal).Count();
        throw new ClusterException(ErrorCode.Busy, holders.Count > 0
            ? $"Volume '{record.Volume}' is mounted on host '{_host.Name}' and held by {Name(holders)}. End what holds it first."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Volume '{record.Volume}' is mounted on host '{_host.Name}': another engine has {uses} {(uses == 1 ? "use" : "uses")} of "
                    + $"it by {ids} mount {(ids == 1 ? "ID" : "IDs")}. Remove the containers that use it first."));
    }

    private static string Name(IReadOnlyList<DeviceHolder> holders) =>
        string.Join(", ", holders.Select(holder => holder.ToString()).Distinct(StringComparer.Ordinal));

    private async Task MountInTurnAsync(string volume, MountUse use)
    {
        var record = _table.Find(volume);
        if (record is { Phase: MountPhase.Stale })
        {
            await ReleaseStaleAsync(record);
            record = null;
        }

        if (record is { Phase: MountPhase.Mounted } && await _threads.RunAsync(() => TryAddUse(record, use)))
        {
            return;
        }

        Progress.Step(volume, "taking the lease");
        var attached = await AttachAsync(volume, record);
        try
        {
            await _threads.RunAsync(() => MountFirst(attached, record, use));
        }
        catch (Exception exception) when (exception is ClusterException or IOException or UnauthorizedAccessException)
        {
            await UndoAsync(volume, attached, record);
            throw;
        }

        Progress.Forget(volume);
    }

    private async Task ReleaseStaleAsync(MountRecord record)
    {
        var holders = await _releaser.FindHoldersAsync(record.Image);
        if (holders.Count == 0)
        {
            holders = await _releaser.ReleaseAsync(record);
        }

        if (holders.Count > 0)
        {
            throw new ClusterException(ErrorCode.Refused, string.Create(
                CultureInfo.InvariantCulture,
                $"The lease of volume '{record.Volume}' (generation {record.Generation}) has gone to another host while {Name(holders)} "
                    + $"had it mounted here: what is written to that mount is refused. Remove that first."));
        }
    }

    private bool TryAddUse(MountRecord record, MountUse use)
    {
        var path = PathOf(record.Volume);
        if (!_attacher.IsMounted(record.Image, path))
        {
            PluginLog.VolumeMountedAgain(_log, record.Volume, path);
            return false;
        }

        if (use.TryCount())
        {
            _table.Save(record.WithUse(use.Id, use.Engine));
        }

        return true;
    }

    private async Task<AttachedVolume> AttachAsync(string volume, MountRecord? record)
    {
        try
        {
            return await _leases.AttachAsync(volume);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Unreachable && record is null)
        {
            // The lease may have been given and the answer lost: a note makes sure that it does not stay.
            await _threads.RunAsync(() => _table.Note(new MountRecord
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

    private void MountFirst(AttachedVolume attached, MountRecord? before, MountUse use)
    {
        var volume = attached.Volume;
        if (!string.Equals(attached.DeviceKind, "image", StringComparison.Ordinal))
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"Volume '{volume.Name}' is reached as '{attached.DeviceKind}', which this plugin host cannot mount: it mounts 'image'.");
        }

        var sameBoot = _host.IsThisBoot(before?.BootId);
        var record = new MountRecord
        {
            Volume = volume.Name,
            VolumeId = volume.Id,
            Generation = attached.Attachment.Generation,
            BootId = _host.BootId,
            Image = _attacher.Resolve(attached.DevicePath),
            Phase = MountPhase.Mounted,
            Uses = before is { Phase: MountPhase.Mounted } && sameBoot ? before.Uses : [],
        };
        _mounter.Mount(record, new MountRequest
        {
            Volume = volume,
            Image = record.Image,
            Mountpoint = PathOf(volume.Name),
            DeviceIsOurs = before is not null && sameBoot && string.Equals(before.Image, record.Image, StringComparison.Ordinal),
            Mark = MarkOf(before, record),
        });
        try
        {
            _table.Save(use.TryCount() ? record.WithUse(use.Id, use.Engine) : record);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException && before is not { Phase: MountPhase.Mounted })
        {
            // A mount without a record must not outlive its lease.
            _attacher.Unmount(record.Image, PathOf(volume.Name), VolumeReleaser.BusyLimit);
            throw;
        }
    }

    // Each lease raises the generation: only if the present one is the next has no other host been given the file system meanwhile.
    private static FormattingMark? MarkOf(MountRecord? before, MountRecord now) =>
        before is { Phase: MountPhase.Formatting, FileSystemId: { } id }
            && string.Equals(before.VolumeId, now.VolumeId, StringComparison.Ordinal) && now.Generation - before.Generation <= 1
            ? new FormattingMark(
                id, before.Generation == now.Generation && string.Equals(before.BootId, now.BootId, StringComparison.Ordinal))
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
            var left = _table.Find(volume);
            var isNoteOfAnEarlierLease = left is { Phase: MountPhase.Formatting } && left.Generation != attached.Attachment.Generation;
            if (left is { Phase: not MountPhase.Releasing } && !isNoteOfAnEarlierLease)
            {
                // The file system is made, or its clearing failed.
                _ = await _releaser.ReleaseAsync(left);
                return;
            }

            await _leases.DetachAsync(volume, attached.Attachment.Generation);
            if (!isNoteOfAnEarlierLease)
            {
                _table.Remove(volume);
            }
        }
        catch (ClusterException exception)
        {
            PluginLog.LeaseNotGivenBack(_log, volume, exception.Message);
            if (_table.Find(volume) is null)
            {
                await _threads.RunAsync(() => _table.Note(new MountRecord
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

    private async Task UnmountInTurnAsync(string volume, string id, string? engine)
    {
        if (_table.Find(volume) is not { } record || record.WithoutUse(id, engine) is not { } left || left == record)
        {
            return;
        }

        if (left.Uses.Count > 0 && !await IsLeftByEndedEnginesAsync(left))
        {
            await _threads.RunAsync(() => _table.Note(left));
        }
        else if (await _releaser.ReleaseAsync(left) is { Count: > 0 } holders)
        {
            PluginLog.VolumeStillHeld(_log, volume, Name(holders));
        }
    }

    // Uses that an engine had counted before it was killed end with the last one that its successor ends.
    private async Task<bool> IsLeftByEndedEnginesAsync(MountRecord record) =>
        EndedEngines.HaveAllUses(record) && (await _releaser.FindHoldersAsync(record.Image)).Count == 0;
}
