using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Looks again and again whether the catalog and all images are as they should be, beside what clients ask for.</summary>
internal sealed class DamageWatch(ServiceContext state, ILogger logger) : IAsyncDisposable
{
    private const int PageSize = 200;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins to look.</summary>
    public void Start(TimeSpan interval, CancellationToken stopping)
    {
        _ = stopping.Register(_stop.Cancel);
        _loop = Task.Run(() => LoopAsync(interval), CancellationToken.None);
    }

    /// <summary>Looks at everything once; what is found is in the state.</summary>
    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() => state.Catalog.Verify(cancellationToken), cancellationToken);
            await LookAtVolumesAsync(cancellationToken);
            await LookAtSnapshotsAsync(cancellationToken);
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ = await Task.WhenAny(_loop, Task.Delay(StopLimit));
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task LoopAsync(TimeSpan interval)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var known = state.Catalog.Damage;
                await RunRoundAsync(_stop.Token);
                if (state.Catalog.Damage is { } damage && known is null)
                {
                    HostLog.Problem(logger, damage);
                }

                await Task.Delay(interval, state.Time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                HostLog.Problem(logger, $"What is stored could not be looked at and will be later: {error.Message}");
                await Task.WhenAny(Task.Delay(interval, state.Time, _stop.Token));
            }
        }
    }

    private async Task LookAtVolumesAsync(CancellationToken cancellationToken)
    {
        var after = string.Empty;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var names = state.Catalog.Read(catalog => catalog.ListVolumes(after, pattern: null, names: null, PageSize))
                .ConvertAll(row => row.Model.Name);
            foreach (var name in names)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await LookAtVolumeAsync(name);
            }

            if (names.Count < PageSize)
            {
                return;
            }

            after = names[^1];
        }
    }

    // Under the volume's name, so that it is neither handed out nor given back meanwhile: what is seen belongs together.
    private async Task LookAtVolumeAsync(string name)
    {
        using var held = await state.Locks.TryTakeAsync(name);
        if (held is not null && state.Catalog.Read(catalog => catalog.FindVolume(name)) is { } row
            && await state.Stored.LookAtVolumeAsync(row) is { } problem)
        {
            HostLog.Problem(logger, problem);
        }
    }

    private async Task LookAtSnapshotsAsync(CancellationToken cancellationToken)
    {
        var (volume, name) = (string.Empty, string.Empty);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var snapshots = state.Catalog.Read(catalog => catalog.ListSnapshots(volume: null, volume, name, pattern: null, PageSize))
                .ConvertAll(row => row.Model);
            foreach (var snapshot in snapshots)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await LookAtSnapshotAsync(snapshot);
            }

            if (snapshots.Count < PageSize)
            {
                return;
            }

            (volume, name) = (snapshots[^1].Volume, snapshots[^1].Name);
        }
    }

    private async Task LookAtSnapshotAsync(Snapshot snapshot)
    {
        using var held = await state.Locks.TryTakeAsync(snapshot.Volume);
        if (held is not null
            && state.Catalog.Read(
                catalog => catalog.FindVolume(snapshot.Volume) is { } row ? catalog.FindSnapshot(row.Id, snapshot.Name) : null) is { } found
            && await state.Stored.LookAtSnapshotAsync(found) is { } problem)
        {
            HostLog.Problem(logger, problem);
        }
    }
}
