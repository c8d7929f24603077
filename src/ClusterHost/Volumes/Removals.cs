using System.Threading.Channels;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Engines;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ends removals in the background. A removal is acknowledged when it has begun (docs/crash-order.md): to give back the blocks of an image
/// takes longer than all the rest, so its files go at once, but nobody waits for them.
/// </summary>
internal sealed class Removals : IAsyncDisposable
{
    // Few, so that what else needs the storage's threads never waits behind a burst of removals; who adds to a long queue waits for a part
    // of it.
    private const int AtOnce = 4;
    private const int LongQueue = 64;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly CatalogDatabase _catalog;
    private readonly IStorageEngine _engine;
    private readonly ILogger _logger;
    private readonly Channel<Removal> _queue = Channel.CreateUnbounded<Removal>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _files = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Gets how long after a failure a removal is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    public Removals(CatalogDatabase catalog, IStorageEngine engine, ILogger logger)
    {
        _catalog = catalog;
        _engine = engine;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Ends the removal of a volume and its snapshots, which the catalog knows as begun.</summary>
    /// <returns>When the next removal may come.</returns>
    public Task EndVolumeAsync(string id, IReadOnlyList<string> snapshotIds) => AddAsync(new Removal(id, snapshotIds, IsVolume: true));

    /// <summary>Ends the removal of a snapshot, which the catalog knows as begun.</summary>
    /// <returns>When the next removal may come.</returns>
    public Task EndSnapshotAsync(string volumeId, string id) => AddAsync(new Removal(volumeId, [id], IsVolume: false));

    /// <summary>Waits until the files of what is being removed now have gone, so that the space that they took is free.</summary>
    /// <param name="limit">How long at most.</param>
    public async Task SettleAsync(TimeSpan limit)
    {
        Task[] open;
        lock (_gate)
        {
            open = [.. _files];
        }

        if (open.Length > 0)
        {
            _ = await Task.WhenAny(Task.WhenAll(open), Task.Delay(limit));
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What takes longer is ended by the next start.
        await _stop.CancelAsync();
        await SettleAsync(StopLimit);
        _ = _queue.Writer.TryComplete();
        await _loop;
        lock (_gate)
        {
            if (_files.Count == 0)
            {
                _turns.Dispose();
                _stop.Dispose();
            }
        }
    }

    private Task AddAsync(Removal removal)
    {
        var files = RemoveFilesAsync(removal, isFirst: true);
        if (files.IsCompleted)
        {
            return Task.CompletedTask;
        }

        int length;
        lock (_gate)
        {
            _ = _files.Add(files);
            length = _files.Count;
        }

        _ = files.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return length > LongQueue ? files : Task.CompletedTask;
    }

    private void Forget(Task files)
    {
        lock (_gate)
        {
            _ = _files.Remove(files);
        }
    }

    private async Task RemoveFilesAsync(Removal removal, bool isFirst)
    {
        await _turns.WaitAsync();
        try
        {
            foreach (var snapshot in removal.SnapshotIds)
            {
                await _engine.DeleteSnapshotAsync(removal.VolumeId, snapshot);
            }

            if (removal.IsVolume)
            {
                await _engine.DeleteVolumeAsync(removal.VolumeId);
            }

            _ = _queue.Writer.TryWrite(removal);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (isFirst)
            {
                HostLog.Problem(_logger, $"A removal is tried again later: {error.Message}");
            }

            _ = RetryAsync(removal);
        }
        finally
        {
            _ = _turns.Release();
        }
    }

    // Nobody waits for it, and what it has not done when the host stops is left to the next start.
    private async Task RetryAsync(Removal removal)
    {
        try
        {
            await Task.Delay(RetryAfter, _stop.Token);
            await RemoveFilesAsync(removal, isFirst: false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Removal>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            // Removals come in bursts: a moment's wait spares most of the flushes.
            _ = await Task.WhenAny(_queue.Reader.Completion, Task.Delay(TimeSpan.FromMilliseconds(250)));
            batch.Clear();
            while (batch.Count < 1000 && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            try
            {
                await _engine.FlushRemovalsAsync();
                await _catalog.WriteAsync(connection => batch.ForEach(item => RemoveRows(connection, item)));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                HostLog.Problem(_logger, $"{batch.Count} removals are left to the next start: {error.Message}");
            }
        }
    }

    private static void RemoveRows(CatalogConnection connection, Removal removal)
    {
        if (removal.IsVolume)
        {
            connection.RemoveVolumeRow(removal.VolumeId);
            return;
        }

        foreach (var id in removal.SnapshotIds)
        {
            connection.RemoveSnapshotRow(id);
        }
    }

    private sealed record Removal(string VolumeId, IReadOnlyList<string> SnapshotIds, bool IsVolume);
}
