namespace HedvigStorage.Commands;

/// <summary>Removes access rules, which cuts those off whom they let in. One that is gone is not an error.</summary>
[Cmdlet(VerbsCommon.Remove, "HvAccess", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ParameterSets.Volume)]
public sealed class RemoveHvAccessCommand : RemoveAccessCommand
{
    /// <summary>Gets or sets the addresses. The rules for one go together, of whatever type they are.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    private protected override string Subject => Subjects.Access;

    private protected override void Remove(string volume, string target)
    {
        var client = Client;
        foreach (var address in Address.Where(address => ShouldProcess($"{volume} on {target}", $"Remove the access of {address}", Force)))
        {
            Await(token => client.Access.RemoveRuleAsync(volume, target, address, token));
        }
    }
}
