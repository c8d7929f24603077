namespace HedvigStorage.Commands;

/// <summary>Lists access rules: who may use which volume through which target.</summary>
[Cmdlet(VerbsCommon.Get, "HvAccess", DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(AccessRule))]
public sealed class GetHvAccessCommand : GetAccessCommand<AccessRule>
{
    /// <summary>Gets or sets addresses, or patterns with wildcards; by default the rules for all are listed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Address { get; set; } = ["*"];

    /// <summary>Gets or sets the type of the addresses; by default rules of all types are listed.</summary>
    [Parameter]
    [WordTransformation(typeof(AccessRuleType), "type of address")]
    public AccessRuleType? Type { get; set; }

    private protected override string Subject => Subjects.Access;

    private protected override IEnumerable<AccessRule> From(AccessList all) => all.Rules;

    private protected override Task<IReadOnlyList<AccessRule>> ListAsync(
        IClusterAccess access, string volume, CancellationToken cancellationToken) => access.ListRulesAsync(volume, cancellationToken);

    private protected override (string Volume, string Target) PlaceOf(AccessRule item) => (item.Volume, item.Target);

    private protected override string Nothing(string volume, string target) =>
        $"The volume '{volume}' has no access rule for the target '{target}'.";

    private protected override bool IsWanted(AccessRule item) =>
        (Type is null || Type == item.Type) && Address.Any(address => new NameFilter(address).Matches(item.Address));
}
