namespace HedvigStorage.Commands;

/// <summary>Lists which file volumes are exported through which targets.</summary>
[Cmdlet(VerbsCommon.Get, "HvExport", DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Export))]
public sealed class GetHvExportCommand : GetAccessCommand<Export>
{
    private protected override string Subject => Subjects.Export;

    private protected override IEnumerable<Export> From(AccessList all) => all.Exports;

    private protected override Task<IReadOnlyList<Export>> ListAsync(
        IClusterAccess access, string volume, CancellationToken cancellationToken) => access.ListExportsAsync(volume, cancellationToken);

    private protected override (string Volume, string Target) PlaceOf(Export item) => (item.Volume, item.Target);

    private protected override string Nothing(string volume, string target) =>
        $"The volume '{volume}' is not exported through the target '{target}'.";
}
