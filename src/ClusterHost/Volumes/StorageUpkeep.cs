using System.Collections.Concurrent;
using System.Data.Common;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Goes on, in the background, with what takes an engine long or could not be ended while its storage was away: reverts that were begun,
/// and volumes that lie elsewhere than their policies ask for. What is to be done is read from the catalog and from the engine each time,
/// so a crash loses none of it.
/// </summary>
internal sealed class StorageUpkeep(ServiceContext state, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    // To look through all volumes takes longer than to look at those that are unfinished.
    private const int TurnsPerSearch = 12;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins to look, again and again, for what is to be done.</summary>
    public void Start(TimeSpan interval, CancellationToken stopping)
    {
        _ = stopping.Register(_stop.Cancel);
        _loop = Task.Run(() => LoopAsync(interval), CancellationToken.None);
    }

    /// <summary>Does what can be done now.</summary>
    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await EndRevertsAsync(cancellationToken);
        await MoveAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ = await Task.WhenAny(_loop, Task.Delay(StopLimit));
        _stop.Dispose();
    }

    private async Task LoopAsync(TimeSpan interval)
    {
        var turn = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval, state.Time, _stop.Token);
                await EndRevertsAsync(_stop.Token);
                if (state.Placements.Take() || ++turn % TurnsPerSearch == 0)
                {
                    await MoveAsync(_stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                HostLog.Problem(logger, $"What is left to be done with volumes waits: {error.Message}");
            }
        }
    }

    private async Task EndRevertsAsync(CancellationToken cancellationToken)
    {
        foreach (var seen in state.Catalog.Read(catalog => catalog.ListUnfinishedVolumes()).Where(row => row.RevertingTo is not null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var held = await state.Locks.TryTakeAsync(seen.Model.Name);
            if (held is not null
                && state.Catalog.Read(catalog => catalog.FindVolume(seen.Model.Name)) is { RevertingTo: { } snapshot } row
                && await TryAsync(row, "reverted", () => state.Engine.ResumeRevertAsync(row.Id, snapshot, row.Model.Size)))
            {
                await state.Catalog.WriteAsync(catalog => catalog.SetReverting(row.Id, null));
            }
        }
    }

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        foreach (var seen in FindMisplaced())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var held = await state.Locks.TryTakeAsync(seen.Model.Name);
            if (held is null || state.Catalog.Read(catalog => catalog.FindVolume(seen.Model.Name)) is not { } row || IsInUse(row)
                || !state.Engine.IsMisplaced(row.Id, row.Model.Requested))
            {
                continue;
            }

            try
            {
                if (await TryAsync(
                    row, "moved", () => state.Engine.MoveVolumeAsync(row.Id, row.Model.Requested, state.Moves.Begin(row.Id))))
                {
                    HostLog.Done(logger, $"The volume '{row.Model.Name}' lies where its policy asks for now.");
                }
            }
            finally
            {
                state.Moves.End(row.Id);
            }
        }
    }

    private bool IsInUse(VolumeRow row) => row.RevertingTo is not null || (row.Model.Attachment is { } lease && state.IsHeld(lease));

    // A page at a time: the catalog may hold many.
    private IEnumerable<VolumeRow> FindMisplaced()
    {
        const int PageSize = 500;
        var after = string.Empty;
        while (true)
        {
            var rows = state.Catalog.Read(catalog => catalog.ListVolumes(after, pattern: null, names: null, PageSize));
            foreach (var row in rows.Where(row => state.Engine.IsMisplaced(row.Id, row.Model.Requested)))
            {
                yield return row;
            }

            if (rows.Count < PageSize)
            {
                yield break;
            }

            after = rows[^1].Model.Name;
        }
    }

    // A failure is told once, and tried again at the next turn.
    private async Task<bool> TryAsync(VolumeRow row, string done, Func<Task> act)
    {
        try
        {
            await act();
            _ = _told.TryRemove(row.Id, out _);
            return true;
        }
        catch (Exception error) when (error is ClusterException or DbException)
        {
            if (_told.TryAdd(row.Id, value: true))
            {
                HostLog.Problem(logger, $"The volume '{row.Model.Name}' cannot be {done} now, which is tried again: {error.Message}");
            }

            return false;
        }
    }
}
