using System.Data.Common;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// The one order of whatever an engine does for the catalog: recorded as begun, carried out while no transaction waits for it, recorded
/// as done. docs/crash-order.md tells what a crash leaves after each step.
/// </summary>
internal sealed class EngineWork(CatalogDatabase catalog)
{
    /// <summary>Does work that the caller has durably recorded as begun.</summary>
    /// <param name="carryOut">Has the engine do it. It is never cancelled: a client that goes away leaves nothing half done.</param>
    /// <param name="end">Records it as done, in one transaction.</param>
    /// <param name="takeBack">Takes it back, once it has failed.</param>
    public async Task<T> RunAsync<TMade, T>(Func<Task<TMade>> carryOut, Func<CatalogConnection, TMade, T> end, Func<Task> takeBack)
    {
        try
        {
            var made = await carryOut();
            return await catalog.WriteAsync(connection => end(connection, made));
        }
        catch (Exception error) when (error is ClusterException or DbException)
        {
            // The write that has failed may be on disk all the same, until another follows it.
            await TryTakeBackAsync(async () =>
            {
                await catalog.WriteAsync(_ => { });
                await takeBack();
            });
            throw;
        }
    }

    /// <inheritdoc cref="RunAsync{TMade, T}"/>
    public Task<T> RunAsync<T>(Func<Task> carryOut, Func<CatalogConnection, T> end, Func<Task> takeBack) => RunAsync(
        async () =>
        {
            await carryOut();
            return true;
        },
        (connection, _) => end(connection),
        takeBack);

    /// <summary>
    /// Takes back what has failed, as far as that works: what stays begun is taken back by whoever uses the name next, or by a start.
    /// </summary>
    public static async Task TryTakeBackAsync(Func<Task> takeBack)
    {
        try
        {
            await takeBack();
        }
        catch (Exception error) when (error is ClusterException or DbException)
        {
            return;
        }
    }
}
