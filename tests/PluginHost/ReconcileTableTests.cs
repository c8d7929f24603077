using HedvigStorage.PluginHost.Reconciliation;

namespace HedvigStorage.PluginHost.Tests;

public sealed class ReconcileTableTests
{
    private static IEnumerable<VolumeFacts> AllFacts =>
        from record in Single<RecordFact>(RecordFact.Any)
        from mount in Single<MountFact>(MountFact.Any)
        from uses in Single<UseFact>(UseFact.Any)
        from holders in Single<HolderFact>(HolderFact.Any)
        from lease in Single<LeaseFact>(LeaseFact.Any)
        select new VolumeFacts(record, mount, uses, holders, lease);

    [Fact]
    public void Every_combination_of_facts_has_a_rule_and_every_rule_has_a_combination() =>
        Assert.Equal(
            ReconcileTable.Rules,
            AllFacts.Select(ReconcileTable.Decide).Distinct().OrderBy(rule => ReconcileTable.Rules.ToList().IndexOf(rule)));

    [Fact]
    public void What_somebody_has_mounted_is_never_unmounted_and_its_record_never_forgotten_in_the_same_boot() => Assert.All(
        AllFacts.Where(
            facts =>
                facts.Holders == HolderFact.Somebody && facts.Record is not (RecordFact.EarlierBoot or RecordFact.Formatting)
                    && !IsOfNeighbour(facts)),
        facts => Assert.NotInRange(ReconcileTable.Decide(facts).Action, ReconcileAction.Forget, ReconcileAction.GiveBack));

    [Fact]
    public void What_the_engine_uses_is_never_unmounted_unless_another_host_has_it() => Assert.All(
        AllFacts.Where(facts => facts is { Record: RecordFact.Mounted, Uses: UseFact.Live } && !IsOfNeighbour(facts)),
        facts => Assert.NotInRange(ReconcileTable.Decide(facts).Action, ReconcileAction.Forget, ReconcileAction.GiveBack));

    [Fact]
    public void What_another_plugin_host_of_the_machine_has_mounted_is_neither_unmounted_nor_shut_down() => Assert.All(
        AllFacts.Where(facts => facts.Record == RecordFact.Mounted && IsOfNeighbour(facts)),
        facts => Assert.Equal(ReconcileAction.Forget, ReconcileTable.Decide(facts).Action));

    [Fact]
    public void Without_the_clusters_word_writing_is_never_stopped() => Assert.All(
        AllFacts.Where(facts => facts.Lease is LeaseFact.Unknown or LeaseFact.Ours),
        facts => Assert.NotEqual(ReconcileAction.StopWriting, ReconcileTable.Decide(facts).Action));

    [Fact]
    public void Nothing_is_mounted_without_the_clusters_word_that_the_lease_is_ours() => Assert.All(
        AllFacts.Where(facts => facts.Lease != LeaseFact.Ours),
        facts => Assert.NotEqual(ReconcileAction.MountAgain, ReconcileTable.Decide(facts).Action));

    [Fact]
    public void Where_another_host_has_the_lease_nothing_mounted_here_goes_on_writing() => Assert.All(
        AllFacts.Where(facts => facts is { Record: RecordFact.Mounted, Mount: MountFact.Present, Lease: LeaseFact.Other }),
        facts => Assert.Equal(ReconcileAction.StopWriting, ReconcileTable.Decide(facts).Action));

    [Fact]
    public void The_manual_has_the_table_as_it_is() =>
        Assert.Contains(
            ReconcileTable.ToMarkdown(),
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reconciliation.md")),
            StringComparison.Ordinal);

    // Nothing of it is mounted by this plugin host, and what is mounted is the other's.
    private static bool IsOfNeighbour(VolumeFacts facts) => facts is { Mount: MountFact.Missing, Lease: LeaseFact.Neighbour };

    private static IEnumerable<T> Single<T>(T any)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => !value.Equals(any));
}
