using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Exports file volumes through targets.</summary>
internal sealed class ExportService(ServiceContext state)
{
    public async Task AddAsync(string volume, string target)
    {
        using var held = await state.Locks.TakeAsync(volume);
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            var found = TargetService.Require(catalog, target);
            TargetService.CheckServes(found, row.Model);
            catalog.PutExport(row.Id, found.Id);
        });
    }

    /// <summary>Ends the exports of a volume through some targets, all or none. Those that are not there succeed.</summary>
    public async Task RemoveAsync(string volume, IReadOnlyList<string> targets)
    {
        using var held = await state.Locks.TakeAsync(volume);
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            foreach (var target in targets)
            {
                if (catalog.FindTarget(target) is { } found)
                {
                    catalog.RemoveExport(row.Id, found.Id);
                }
            }
        });
    }

    public List<string> List(string volume) =>
        state.Catalog.Read(catalog => catalog.ListExports(ServiceContext.Require(catalog, volume).Id));
}
