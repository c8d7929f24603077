namespace HedvigStorage.Commands;

/// <summary>Adds access rules: who may use volumes through targets. A rule may be there before the LUN or export that it is for.</summary>
[Cmdlet(VerbsCommon.Add, "HvAccess", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(AccessRule))]
public sealed class AddHvAccessCommand : AddAccessCommand
{
    /// <summary>
    /// Gets or sets who may: the names of iSCSI initiators, IP addresses or networks, names of hosts, or <c>ALL</c> for everybody.
    /// </summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>
    /// Gets or sets what the addresses are; by default they are looked at. Everybody is of type <c>Iqn</c> on a block target and of type
    /// <c>Ip</c> on an NFS target.
    /// </summary>
    // Not taken from a property: a volume that comes down the pipeline brings its own type.
    [Parameter]
    [WordTransformation(typeof(AccessRuleType), "type of address")]
    public AccessRuleType? Type { get; set; }

    private protected override string Subject => Subjects.Access;

    private protected override void Add(string volume, string target)
    {
        // All or none: an address that is wrong must not leave half of a list.
        var rules =
            Address.Select(address => new AccessRule { Volume = volume, Target = target, Type = Type ?? TypeOf(
                address, target), Address = address }).ToArray();
        foreach (var rule in rules)
        {
            AccessAddress.Check(rule.Type, rule.Address);
        }

        var client = Client;
        foreach (var rule in rules.Where(rule => ShouldProcess($"{volume} on {target}", $"Add the access of {rule.Type} {rule.Address}")))
        {
            Await(token => client.Access.AddRuleAsync(rule, token));
            WriteObject(rule);
        }
    }

    private AccessRuleType TypeOf(string address, string target)
    {
        if (!AccessAddress.IsEverybody(address))
        {
            return AccessAddress.TypeOf(address);
        }

        // No client of an NFS target has an IQN.
        var client = Client;
        return Await(token => client.Access.ListTargetsAsync(computeHost: null, token))
            .Any(known => known.Protocol == TargetProtocol.Nfs && string.Equals(known.Name, target, StringComparison.Ordinal))
            ? AccessRuleType.Ip
            : AccessRuleType.Iqn;
    }
}
