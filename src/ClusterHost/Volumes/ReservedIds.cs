using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Ids that the catalog knows as begun before any volume has them, so that a create commits once instead of twice.
/// A blank volume is nothing but a file of a reserved id. The file comes first; then one commit takes the id out of the reserve and
/// makes the volume, whole. Whatever instant a crash falls on, the id is either still in the reserve, and the next start removes the
/// file that it may have, or it is a ready volume's, whose file was flushed before. An id is never given to two volumes: one that
/// comes back goes to the reserve only after its file is gone, and a start throws the whole reserve away.
/// </summary>
internal sealed class ReservedIds(CatalogDatabase catalog) : IDisposable
{
    private const int Portion = 256;

    private readonly ConcurrentQueue<string> _ids = new();
    private readonly SemaphoreSlim _filling = new(1, 1);

    public static List<string> List(CatalogConnection connection) => connection.Query("SELECT id FROM reserved", reader => reader.GetString(0));

    public static void Clear(CatalogConnection connection) => connection.Execute("DELETE FROM reserved");

    public static void Use(CatalogConnection connection, string id) => connection.Execute("DELETE FROM reserved WHERE id = $1", id);

    public async Task<string> TakeAsync()
    {
        string? id;
        while (!_ids.TryDequeue(out id))
        {
            await FillAsync();
        }

        return id;
    }

    /// <summary>Takes back an id whose file is gone.</summary>
    public void GiveBack(string id) => _ids.Enqueue(id);

    public void Dispose() => _filling.Dispose();

    private async Task FillAsync()
    {
        await _filling.WaitAsync();
        try
        {
            if (!_ids.IsEmpty)
            {
                return;
            }

            var ids = new List<string>(Portion);
            while (ids.Count < Portion)
            {
                ids.Add(Guid.CreateVersion7().ToString("D"));
            }

            await catalog.WriteAsync(connection => ids.ForEach(id => connection.Execute("INSERT INTO reserved VALUES ($1)", id)));
            ids.ForEach(_ids.Enqueue);
        }
        finally
        {
            _ = _filling.Release();
        }
    }
}
