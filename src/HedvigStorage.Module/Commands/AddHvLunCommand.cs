namespace HedvigStorage.Commands;

/// <summary>
/// Maps block volumes on block targets, or finds the LUNs that they have. One that can be written and one that cannot are an error.
/// </summary>
[Cmdlet(VerbsCommon.Add, "HvLun", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Lun))]
public sealed class AddHvLunCommand : AddAccessCommand
{
    /// <summary>Gets or sets whether the volumes can only be read there.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    private protected override string Subject => Subjects.Lun;

    private protected override void Add(string volume, string target)
    {
        var client = Client;
        if (ShouldProcess($"{volume} on {target}", ReadOnly ? "Add a read-only LUN of the volume" : "Add a LUN of the volume"))
        {
            WriteObject(Await(token => client.Access.AddLunAsync(volume, target, ReadOnly, token)));
        }
    }
}
