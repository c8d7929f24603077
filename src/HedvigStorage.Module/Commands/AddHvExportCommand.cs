namespace HedvigStorage.Commands;

/// <summary>Exports file volumes through NFS targets, or finds that they are.</summary>
[Cmdlet(VerbsCommon.Add, "HvExport", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Export))]
public sealed class AddHvExportCommand : AddAccessCommand
{
    private protected override string Subject => Subjects.Export;

    private protected override void Add(string volume, string target)
    {
        var client = Client;
        if (ShouldProcess($"{volume} on {target}", "Add an export of the volume"))
        {
            WriteObject(Await(token => client.Access.AddExportAsync(volume, target, token)));
        }
    }
}
