using System.Collections.Concurrent;
using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Mounts;
using HedvigStorage.PluginHost.Native;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Reconciliation;

/// <summary>
/// Compares, after the start and again and again, what the records say, what is mounted, who has it, and whose the leases are, and mends or
/// reports each difference by the rules of <see cref="ReconcileTable"/>; more often, it brings volumes up to their size. A volume that
/// something is being done to is left for the next time.
/// </summary>
internal sealed class Reconciler
{
    private const int LooksPerRound = 4;
    private const int RoundsPerListing = 15;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RoundLimit = TimeSpan.FromSeconds(15);

    // A volume that is stuck takes one of these until the round's limit, and none after it.
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 16 };

    // An engine mounts all volumes of a container before it starts it, each within two minutes: a use that nobody has made any use of for
    // longer is one that it has forgotten.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly LeaseClient _leases;
    private readonly IAttacher _attacher;
    private readonly MountTable _table;
    private readonly VolumeReleaser _releaser;
    private readonly VolumeTurns _turns;
    private readonly BlockingThreads _threads;
    private readonly HostIdentity _host;
    private readonly string _mountRoot;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, (MountRecord Record, long Since)> _unused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _reported = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _ungrown = new(StringComparer.Ordinal);

    public Reconciler(
        LeaseClient leases,
        IAttacher attacher,
        MountTable table,
        VolumeReleaser releaser,
        VolumeTurns turns,
        BlockingThreads threads,
        HostIdentity host,
        string mountRoot,
        TimeProvider time,
        ILogger log)
    {
        _leases = leases;
        _attacher = attacher;
        _table = table;
        _releaser = releaser;
        _turns = turns;
        _threads = threads;
        _host = host;
        _mountRoot = mountRoot;
        _time = time;
        _log = log;
    }

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var look = 0; ; look++)
        {
            try
            {
                var work = look % LooksPerRound == 0
                    ? CompareAsync(withOthers: look % (LooksPerRound * RoundsPerListing) == 0)
                    : GrowAsync();
                await work.WaitAsync(RoundLimit, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                PluginLog.ComparisonTakesLong(_log);
            }

            await Task.Delay(Interval, _time, cancellationToken);
        }
    }

    /// <summary>Compares all volumes once.</summary>
    /// <param name="withOthers">Whether the cluster is asked for leases of volumes that are not known here, too.</param>
    public async Task CompareAsync(bool withOthers)
    {
        var leases = await ReadLeasesAsync(withOthers);
        var (holders, mounts) = await _threads.RunAsync(() => (DeviceHolders.Scan(_mountRoot), MountInfo.Below(_mountRoot)));
        var names = _table.All.Select(record => record.Volume)
            .Concat(mounts.Select(mount => Path.GetFileName(mount.Mountpoint)))
            .Concat(leases?.Listed ?? Enumerable.Empty<string>())
            .ToHashSet(StringComparer.Ordinal);
        await Parallel.ForEachAsync(names, AtOnce, async (volume, _) => await CompareAsync(volume, leases, holders));
    }

    /// <summary>Brings mounted volumes up to the sizes that they have been given meanwhile.</summary>
    public Task GrowAsync() => Parallel.ForEachAsync(_table.All.Where(
        record => record.Phase == MountPhase.Mounted), AtOnce, async (record, cancellationToken) =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await _turns.TryRunAsync(record.Volume, () => _threads.RunAsync(() => Grow(record.Volume)));
            _ = _ungrown.TryRemove(record.Volume, out _);
        }
        catch (ClusterException exception)
        {
            if (_ungrown.TryAdd(record.Volume, exception.Message))
            {
                PluginLog.VolumeNotCompared(_log, record.Volume, exception.Message);
            }
        }
    });

    private void Grow(string volume)
    {
        var path = Path.Combine(_mountRoot, volume);
        if (_table.Find(volume) is { Phase: MountPhase.Mounted } record && _attacher.IsMounted(record.Image, path)
            && _attacher.Grow(record.Image, path))
        {
            PluginLog.VolumeGrown(_log, volume);
        }
    }

    private async Task<LeaseView?> ReadLeasesAsync(bool withOthers)
    {
        try
        {
            return await LeaseView.ReadAsync(
                _leases, [.. _table.All.Where(record => record.Phase == MountPhase.Mounted).Select(record => record.Volume)], withOthers);
        }
        catch (ClusterException exception)
        {
            PluginLog.LeasesNotRenewed(_log, exception.Message);
            return null;
        }
    }

    private async Task CompareAsync(string volume, LeaseView? leases, DeviceHolders holders)
    {
        try
        {
            await _turns.TryRunAsync(volume, async () =>
            {
                var record = _table.Find(volume);
                var facts = await FindFactsAsync(volume, record, leases, holders);
                await ActAsync(volume, record, ReconcileTable.Decide(facts));
            });
        }
        catch (ClusterException exception)
        {
            PluginLog.VolumeNotPutRight(_log, volume, exception.Message);
        }
    }

    private async Task<VolumeFacts> FindFactsAsync(string volume, MountRecord? record, LeaseView? leases, DeviceHolders holders)
    {
        var (mount, device) = await _threads.RunAsync(() => FindMount(volume, record));
        var held = holders.Of(device).Count > 0 ? HolderFact.Somebody : HolderFact.Nobody;
        var lease = leases is null ? LeaseFact.Unknown
            : record is not null ? await LeaseOfAsync(record, leases)
            : leases.Listed.Contains(volume) ? LeaseFact.Ours : LeaseFact.Unknown;
        return new VolumeFacts(RecordOf(record), mount, UsesOf(record, held), held, lease);
    }

    private async Task<LeaseFact> LeaseOfAsync(MountRecord record, LeaseView leases) =>
        record.Phase == MountPhase.Mounted && _host.IsThisBoot(record.BootId) ? await leases.FindAsync(record) : LeaseFact.Unknown;

    private (MountFact Mount, uint? Device) FindMount(string volume, MountRecord? record)
    {
        var path = Path.Combine(_mountRoot, volume);
        if (FileStatistics.FindAtOnce(path) is { } found && FileStatistics.FindAtOnce(_mountRoot)?.IsOnDeviceOf(found) != true)
        {
            return record is null ? (found.Major == LoopDevice.Major ? MountFact.Present : MountFact.Foreign, found.Minor)
                : _attacher.IsMounted(record.Image, path) ? (MountFact.Present, found.Minor)
                : (MountFact.Foreign, FindDevice(record));
        }

        return (MountFact.Missing, FindDevice(record));
    }

    private static uint? FindDevice(MountRecord? record) => record is { Image.Length: > 0 } ? LoopDevice.Find(record.Image) : null;

    private RecordFact RecordOf(MountRecord? record) => record switch
    {
        null => RecordFact.Missing,
        { Phase: MountPhase.Formatting } => _host.IsThisBoot(record.BootId) ? RecordFact.Formatting : RecordFact.EarlierFormatting,
        _ when !_host.IsThisBoot(record.BootId) => RecordFact.EarlierBoot,
        { Phase: MountPhase.Mounted } => RecordFact.Mounted,
        { Phase: MountPhase.Releasing } => RecordFact.Releasing,
        _ => RecordFact.Stale,
    };

    private UseFact UsesOf(MountRecord? record, HolderFact holders)
    {
        if (record is null || record.CountUses() == 0)
        {
            return UseFact.Absent;
        }

        if (EndedEngines.HaveAllUses(record))
        {
            return UseFact.Ended;
        }

        if (holders == HolderFact.Somebody)
        {
            _ = _unused.TryRemove(record.Volume, out _);
            return UseFact.Live;
        }

        var unused = _unused.AddOrUpdate(
            record.Volume,
            _ => (record, _time.GetTimestamp()),
            (_, known) => known.Record == record ? known : (record, _time.GetTimestamp()));
        return _time.GetElapsedTime(unused.Since) >= IdleLimit ? UseFact.Idle : UseFact.Live;
    }

    private async Task ActAsync(string volume, MountRecord? record, ReconcileRule rule)
    {
        if (rule.Action is not (ReconcileAction.Report or ReconcileAction.Keep))
        {
            var action = rule.Action.ToString();
            PluginLog.VolumePutRight(_log, volume, action, rule.Reason);
        }

        switch (rule.Action)
        {
            case ReconcileAction.Report:
                Report(volume, rule.Reason);
                return;
            case ReconcileAction.Forget:
                _table.Remove(volume);
                break;
            case ReconcileAction.Release:
                _ = await _releaser.ReleaseAsync(record! with { Uses = [] });
                break;
            case ReconcileAction.GiveBack:
                _ = await _releaser.GiveBackStrayLeaseAsync(volume);
                break;
            case ReconcileAction.Adopt:
                await AdoptAsync(volume);
                break;
            case ReconcileAction.MountAgain:
                await _threads.RunAsync(() => _releaser.MountAgain(record!));
                break;
            case ReconcileAction.TakeLeaseAgain:
                await TakeLeaseAgainAsync(record!);
                break;
            case ReconcileAction.StopWriting:
                await StopWritingAsync(record!, rule.Reason);
                break;
        }

        _ = _reported.TryRemove(volume, out _);
    }

    private void Report(string volume, string reason)
    {
        if (!_reported.TryGetValue(volume, out var known) || !string.Equals(known, reason, StringComparison.Ordinal))
        {
            _reported[volume] = reason;
            var path = Path.Combine(_mountRoot, volume);
            PluginLog.VolumeReported(_log, volume, path, reason);
        }

        _turns.Progress.Failed(volume, reason);
    }

    private async Task AdoptAsync(string volume)
    {
        var attached = await _leases.AttachAsync(volume);
        await _threads.RunAsync(() =>
        {
            var image = _attacher.Resolve(attached.DevicePath);
            if (_attacher.IsMounted(image, Path.Combine(_mountRoot, volume)))
            {
                _table.Note(new MountRecord
                {
                    Volume = volume,
                    VolumeId = attached.Volume.Id,
                    Generation = attached.Attachment.Generation,
                    BootId = _host.BootId,
                    Image = image,
                    Phase = MountPhase.Mounted,
                });
            }
        });
    }

    private async Task TakeLeaseAgainAsync(MountRecord record)
    {
        AttachedVolume attached;
        try
        {
            attached = await _leases.AttachAsync(record.Volume);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Busy)
        {
            await StopWritingAsync(record, exception.Message);
            return;
        }

        var generation = attached.Attachment.Generation;
        if (string.Equals(attached.Volume.Id, record.VolumeId, StringComparison.Ordinal) && generation <= record.Generation + 1)
        {
            // The generation rises with each holder: nobody has had the lease meanwhile.
            await _threads.RunAsync(() => _table.Note(record with { Generation = generation }));
            return;
        }

        await _leases.DetachAsync(record.Volume, generation);
        await StopWritingAsync(
            record,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Another host has had its lease meanwhile (generation {generation - 1}), and may have written it."));
    }

    private async Task StopWritingAsync(MountRecord record, string reason)
    {
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"The lease of the mounted volume '{record.Volume}' (generation {record.Generation}) is lost, so writing to it is stopped: "
                + $"{reason} Remove the containers that use it here.");
        await _threads.RunAsync(() =>
        {
            var path = Path.Combine(_mountRoot, record.Volume);
            if (!_attacher.IsMounted(record.Image, path))
            {
                _releaser.MountAgain(record);
            }

            FileSystemShutdown.Run(path);
            _table.Note(record with { Phase = MountPhase.Stale });
        });
        PluginLog.Danger(_log, message);
        _turns.Progress.Failed(record.Volume, message);
    }
}
