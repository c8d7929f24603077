namespace HedvigStorage.Commands;

/// <summary>Lists which block volumes are mapped on which targets, and as which LUN.</summary>
[Cmdlet(VerbsCommon.Get, "HvLun", DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Lun))]
public sealed class GetHvLunCommand : GetAccessCommand<Lun>
{
    private protected override string Subject => Subjects.Lun;

    private protected override IEnumerable<Lun> From(AccessList all) => all.Luns;

    private protected override Task<IReadOnlyList<Lun>> ListAsync(
        IClusterAccess access, string volume, CancellationToken cancellationToken) => access.ListLunsAsync(volume, cancellationToken);

    private protected override (string Volume, string Target) PlaceOf(Lun item) => (item.Volume, item.Target);

    private protected override string Nothing(string volume, string target) =>
        $"The volume '{volume}' has no LUN on the target '{target}'.";
}
