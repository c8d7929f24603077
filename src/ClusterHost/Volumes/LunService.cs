using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Maps block volumes on targets.</summary>
internal sealed class LunService(ServiceContext state)
{
    // Clients look for LUN n in an iSCSI target of its own, whose name ends in n. There LUN 0 is best left to the server: initiators ask it
    // what else
    // there is, and some servers keep it for themselves. Cinder takes a negative number for none.
    private const int Smallest = 1;

    // What the flat addresses of SCSI can tell apart (SAM-5, 4.7.7.3).
    private const int Largest = 16383;

    /// <summary>Maps a volume, or finds the LUN that it has.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="target">The target's name.</param>
    /// <param name="readOnly">Whether it is only read; <see langword="null"/> is no, or as it is.</param>
    public async Task<Lun> AddAsync(string volume, string target, bool? readOnly)
    {
        using var held = await state.Locks.TakeAsync(volume);
        return await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            var found = TargetService.Require(catalog, target);
            TargetService.CheckServes(found, row.Model);
            if (catalog.FindLun(row.Id, found.Id) is { } existing)
            {
                return readOnly is null || existing.ReadOnly == readOnly
                    ? Complete(row, found, existing)
                    : throw new ClusterException(
                        ErrorCode.Conflict,
                        $"The volume '{volume}' is mapped on the target '{target}' already, as LUN {existing.Number}, "
                            + $"{Show(existing.ReadOnly)}, not {Show(!existing.ReadOnly)}. Unmap it there first.");
            }

            var number = catalog.FindFreeLun(found.Id, Smallest);
            if (number > Largest)
            {
                throw new ClusterException(
                    ErrorCode.Refused,
                    $"The target '{target}' has {Largest} LUNs, and no number is left for the volume '{volume}'. "
                        + "Map it on another target.");
            }

            var lun = new LunRow((int)number, readOnly ?? false);
            catalog.InsertLun(row.Id, found.Id, lun);
            return Complete(row, found, lun);
        });
    }

    public Lun Get(string volume, string target) => state.Catalog.Read(catalog =>
    {
        var row = ServiceContext.Require(catalog, volume);
        var found = TargetService.Require(catalog, target);
        return Complete(row, found, catalog.FindLun(row.Id, found.Id) ?? throw NotMapped(volume, target));
    });

    public async Task RemoveAsync(string volume, string target)
    {
        using var held = await state.Locks.TakeAsync(volume);
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            // A target that is not configured has no LUNs; a client that unmaps must be able to end, whatever has become of the target.
            if (catalog.FindTarget(target) is not { } found || !catalog.RemoveLun(row.Id, found.Id))
            {
                throw NotMapped(volume, target);
            }
        });
    }

    private static Lun Complete(VolumeRow volume, TargetRow target, LunRow lun) =>
        new() { Volume = volume.Model.Name, Target = target.Model.Name, Number = lun.Number, ReadOnly = lun.ReadOnly };

    private static ClusterException NotMapped(string volume, string target) =>
        new(ErrorCode.NotFound, $"The volume '{ObjectName.Printable(volume)}' {AccessMapping.NotMapped} '{ObjectName.Printable(target)}'");

    private static string Show(bool readOnly) => readOnly ? "for reading only" : "for reading and writing";
}
