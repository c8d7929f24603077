using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Native;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>Unmounts volumes that nobody uses and gives their leases back. Its caller has the volume's turn.</summary>
internal sealed class VolumeReleaser
{
    /// <summary>How long a volume may be busy before its unmounting is given up for now.</summary>
    public static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(20);

    private readonly LeaseClient _leases;
    private readonly IAttacher _attacher;
    private readonly MountTable _table;
    private readonly VolumeProgress _progress;
    private readonly VolumeMounter _mounter;
    private readonly BlockingThreads _threads;
    private readonly string _mountRoot;
    private readonly ILogger _log;

    public VolumeReleaser(
        LeaseClient leases,
        IAttacher attacher,
        MountTable table,
        VolumeProgress progress,
        BlockingThreads threads,
        string mountRoot,
        ILogger log)
    {
        _leases = leases;
        _attacher = attacher;
        _table = table;
        _progress = progress;
        _mounter = new VolumeMounter(attacher, table, progress, log);
        _threads = threads;
        _mountRoot = mountRoot;
        _log = log;
    }

    /// <summary>Looks who has a volume mounted besides this plugin host.</summary>
    /// <param name="image">The volume's image.</param>
    public Task<IReadOnlyList<DeviceHolder>> FindHoldersAsync(string image) => _threads.RunAsync(() => HoldersOf(image));

    /// <summary>
    /// Unmounts a volume, gives back its lease and forgets it: in this order, so that a crash at any point leaves a record to go on from.
    /// </summary>
    /// <param name="record">What is known of it.</param>
    /// <returns>Who has it mounted all the same, so that it stays as it is; nobody if it is released.</returns>
    public async Task<IReadOnlyList<DeviceHolder>> ReleaseAsync(MountRecord record)
    {
        var volume = record.Volume;
        try
        {
            _progress.Step(volume, "unmounting");
            if (record.Image.Length > 0 && await _threads.RunAsync(() => UnmountUnlessHeld(record)) is { Count: > 0 } holders)
            {
                return holders;
            }

            if (record.Phase == MountPhase.Formatting && File.Exists(record.Image) && await HasLeaseAsync(record))
            {
                await _threads.RunAsync(() => _attacher.Clear(record.Image));
            }

            _progress.Step(volume, "giving back the lease");
            if (record.Generation == 0)
            {
                _ = await GiveBackStrayLeaseAsync(volume);
            }
            else if (record.Phase != MountPhase.Stale)
            {
                await _leases.DetachAsync(volume, record.Generation);
            }
        }
        catch (Exception exception) when (exception is ClusterException or IOException or UnauthorizedAccessException)
        {
            var left = record.Phase is MountPhase.Formatting or MountPhase.Stale ? record : record with { Phase = MountPhase.Releasing };
            await _threads.RunAsync(() => _table.Note(left));
            _progress.Failed(volume, exception.Message);

            // The data is written and the mount is gone: that the cluster does not know it yet is not a failure of the caller's.
            if (exception is ClusterException { Code: ErrorCode.Unreachable })
            {
                PluginLog.LeaseKept(_log, volume, exception.Message);
                return [];
            }

            throw;
        }

        _table.Remove(volume);
        return [];
    }

    /// <summary>
    /// Gives back a lease that a crash or a lost answer has left: it is of this host and this boot, there is no record of it, and nothing
    /// on this machine uses the image.
    /// </summary>
    /// <param name="volume">The volume's name.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> GiveBackStrayLeaseAsync(string volume)
    {
        try
        {
            if ((await _leases.FindAsync(volume)).Lease is not { } lease || !_leases.IsOurs(lease))
            {
                return false;
            }

            var attached = await _leases.AttachAsync(volume);
            var inUse = await _threads.RunAsync(() =>
            {
                var image = _attacher.Resolve(attached.DevicePath);
                if (_attacher.IsMounted(image, PathOf(volume)) && HoldersOf(image).Count == 0)
                {
                    // No record: the path was never answered.
                    _attacher.Unmount(image, PathOf(volume), BusyLimit);
                }

                return _attacher.IsInUse(image);
            });
            if (inUse)
            {
                return false;
            }

            await _leases.DetachAsync(volume, attached.Attachment.Generation);
            PluginLog.LeaseGivenBack(_log, volume);
            return true;
        }
        catch (ClusterException exception) when (exception.Code != ErrorCode.Unreachable)
        {
            return false;
        }
    }

    // If the lease has ended since the record was made, another host may have written: what the image holds is no longer known to be ours.
    private async Task<bool> HasLeaseAsync(MountRecord record) =>
        (await _leases.FindAsync(record.Volume)).Lease is { } lease && _leases.IsOurs(lease) && lease.Generation == record.Generation;

    private string PathOf(string volume) => Path.Combine(_mountRoot, volume);

    private IReadOnlyList<DeviceHolder> HoldersOf(string image) =>
        LoopDevice.Find(image) is { } device ? DeviceHolders.Scan(_mountRoot).Of(device) : [];

    private IReadOnlyList<DeviceHolder> UnmountUnlessHeld(MountRecord record)
    {
        var isMounted = _attacher.IsMounted(record.Image, PathOf(record.Volume));
        try
        {
            _attacher.Unmount(record.Image, PathOf(record.Volume), BusyLimit);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Busy && record.Phase != MountPhase.Formatting)
        {
            // An engine may end the use of a container that runs: after a docker cp that timed out it sends the container's own ID.
            if (HoldersOf(record.Image) is not { Count: > 0 } holders)
            {
                throw;
            }

            // What was not mounted here may be another plugin host's by now: what becomes of it is decided when the leases have been asked
            // for.
            if (isMounted)
            {
                MountAgain(record);
            }

            _table.Note(record with { Uses = [] });
            return holders;
        }

        return [];
    }

    /// <summary>Mounts a volume again whose lease this host has, on the device that it has. It blocks.</summary>
    /// <param name="record">What is known of it.</param>
    public void MountAgain(MountRecord record) => _mounter.MountAgain(new MountRequest
    {
        // The content is known: nothing is made or grown, so no more than the name is asked for.
        Volume = new Volume { Name = record.Volume, Id = record.VolumeId, Size = default },
        Image = record.Image,
        Mountpoint = PathOf(record.Volume),
        DeviceIsOurs = true,
    });
}
