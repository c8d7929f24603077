namespace HedvigStorage.Commands;

/// <summary>Ends exports of volumes, which cuts those off who use them. One that is gone is not an error.</summary>
[Cmdlet(VerbsCommon.Remove, "HvExport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ParameterSets.Volume)]
public sealed class RemoveHvExportCommand : RemoveAccessCommand
{
    private protected override string Subject => Subjects.Export;

    private protected override void Remove(string volume, string target)
    {
        var client = Client;
        if (ShouldProcess($"{volume} on {target}", "Remove the export, which cuts off whoever uses it", Force))
        {
            Await(token => client.Access.RemoveExportAsync(volume, target, token));
        }
    }
}
