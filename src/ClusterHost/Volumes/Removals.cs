using System;
using System.Collections.Generic;
using System.Threading.Channels;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Hosting;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ends removals behind the callers' backs. A removal is acknowledged when the catalog says durably that it has begun and the file is
/// unlinked: from then on a start after a crash only ever finishes it. Its row goes later, many at once, after one flush of the directory.
/// </summary>
internal sealed class Removals : IAsyncDisposable
{
    private readonly CatalogDatabase _catalog;
    private readonly IStorageEngine _engine;
    private readonly ILogger _logger;
    private readonly Channel<(bool IsVolume, string Id)> _queue = Channel.CreateUnbounded<(bool, string)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    public Removals(CatalogDatabase catalog, IStorageEngine engine, ILogger logger)
    {
        _catalog = catalog;
        _engine = engine;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    public void EndVolume(string id) => _queue.Writer.TryWrite((true, id));

    public void EndSnapshot(string id) => _queue.Writer.TryWrite((false, id));

    public async ValueTask DisposeAsync()
    {
        _ = _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var batch = new List<(bool IsVolume, string Id)>();
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
                await _catalog.WriteAsync(connection => batch.ForEach(item => Remove(connection, item)));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                HostLog.Problem(_logger, $"{batch.Count} removals are left to the next start: {error.Message}");
            }
        }
    }

    private static void Remove(CatalogConnection connection, (bool IsVolume, string Id) item)
    {
        if (item.IsVolume)
        {
            connection.RemoveVolumeRow(item.Id);
        }
        else
        {
            connection.RemoveSnapshotRow(item.Id);
        }
    }
}
