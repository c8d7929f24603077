namespace HedvigStorage.PluginHost.Reconciliation;

/// <summary>What is done about volumes of which these facts were found; a fact that is not given may be any.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record ReconcileRule(ReconcileAction Action, string Reason)
{
    public RecordFact Record { get; init; } = RecordFact.Any;

    public MountFact Mount { get; init; } = MountFact.Any;

    public UseFact Uses { get; init; } = UseFact.Any;

    public HolderFact Holders { get; init; } = HolderFact.Any;

    public LeaseFact Lease { get; init; } = LeaseFact.Any;

    /// <summary>Tells whether the rule is for these facts.</summary>
    public bool Matches(VolumeFacts facts) =>
        Record.HasFlag(facts.Record) && Mount.HasFlag(facts.Mount) && Uses.HasFlag(facts.Uses) && Holders.HasFlag(facts.Holders)
            && Lease.HasFlag(facts.Lease);
}
