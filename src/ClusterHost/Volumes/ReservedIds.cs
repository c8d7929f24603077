using System.Collections.Concurrent;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ids that the catalog knows as begun, and the engine has prepared, before any volume has them: the record that a create has begun, made
/// for many creates at once, so that a create is one commit and waits for nothing else. docs/crash-order.md tells what a crash leaves.
/// An id is never given to two volumes. One that has become a volume leaves the reserve with the next portion; one whose create has
/// failed stays in it until the next start, which removes what the engine may have made of it after all.
/// </summary>
internal sealed class ReservedIds(CatalogDatabase catalog, IStorageEngine engine) : IAsyncDisposable
{
    private const int Portion = 64;
    private const int Low = 16;

    private readonly ConcurrentQueue<string> _ready = new();
    private readonly ConcurrentQueue<string> _ended = new();
    private readonly SemaphoreSlim _filling = new(1, 1);

    /// <summary>The ids of the reserve that are not a volume's.</summary>
    public static List<string> ListUnused(CatalogConnection connection) =>
        connection.Query("SELECT id FROM reserved WHERE id NOT IN (SELECT id FROM volumes)", reader => reader.GetString(0));

    /// <summary>Empties the reserve but for ids whose images could not be removed.</summary>
    public static void ClearBut(CatalogConnection connection, List<string> kept)
    {
        connection.Execute("DELETE FROM reserved");
        kept.ForEach(id => connection.Execute("INSERT INTO reserved VALUES ($1)", id));
    }

    /// <summary>Takes ids: what they are used for is begun, durably.</summary>
    public async Task<List<string>> TakeAsync(int count)
    {
        var taken = new List<string>(count);
        while (true)
        {
            while (taken.Count < count && _ready.TryDequeue(out var id))
            {
                taken.Add(id);
            }

            if (taken.Count == count)
            {
                break;
            }

            try
            {
                await FillAsync(atMost: 0, Math.Max(Portion, count - taken.Count));
            }
            catch (ClusterException)
            {
                taken.ForEach(_ready.Enqueue);
                throw;
            }
        }

        if (_ready.Count <= Low && _filling.CurrentCount > 0)
        {
            _ = FillSoonAsync();
        }

        return taken;
    }

    /// <summary>Tells that an id is a volume's, durably.</summary>
    public void EndUse(string id) => _ended.Enqueue(id);

    /// <summary>
    /// Removes what was made of ids whose create has failed. They stay in the reserve: what the engine makes of one later, because a
    /// call went on after its limit, the next start removes.
    /// </summary>
    public async Task TakeBackAsync(IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids)
        {
            await engine.DeleteVolumeAsync(id);
        }
    }

    /// <summary>Removes what nobody has used, so that only volumes have files while no host runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _filling.WaitAsync();
        _filling.Dispose();
        try
        {
            while (_ready.TryDequeue(out var id))
            {
                await engine.DeleteVolumeAsync(id);
            }
        }
        catch (ClusterException)
        {
            // The next start tries again, and says what is wrong.
        }
    }

    private async Task FillSoonAsync()
    {
        try
        {
            await FillAsync(Low, Portion);
        }
        catch (Exception error) when (error is ClusterException or ObjectDisposedException)
        {
            // Who finds no id left tries again, and is told.
        }
    }

    private async Task FillAsync(int atMost, int portion)
    {
        await _filling.WaitAsync();
        try
        {
            if (_ready.Count > atMost)
            {
                return;
            }

            var ids = new List<string>(portion);
            while (ids.Count < portion)
            {
                ids.Add(Guid.CreateVersion7().ToString("D"));
            }

            var ended = new List<string>();
            while (_ended.TryDequeue(out var id))
            {
                ended.Add(id);
            }

            await catalog.WriteAsync(connection =>
            {
                ended.ForEach(id => connection.Execute("DELETE FROM reserved WHERE id = $1", id));
                ids.ForEach(id => connection.Execute("INSERT INTO reserved VALUES ($1)", id));
            });
            await engine.PrepareVolumesAsync(ids);
            ids.ForEach(_ready.Enqueue);
        }
        finally
        {
            _ = _filling.Release();
        }
    }
}
