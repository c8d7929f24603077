namespace HedvigStorage.Commands;

/// <summary>Unmaps volumes from targets, which cuts those off who use them there. One that is not mapped is not an error.</summary>
[Cmdlet(VerbsCommon.Remove, "HvLun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ParameterSets.Volume)]
public sealed class RemoveHvLunCommand : RemoveAccessCommand
{
    private protected override string Subject => Subjects.Lun;

    private protected override void Remove(string volume, string target)
    {
        var client = Client;
        if (ShouldProcess($"{volume} on {target}", "Remove the LUN, which cuts off whoever uses it", Force))
        {
            Await(token => client.Access.RemoveLunAsync(volume, target, token));
        }
    }
}
