namespace HedvigStorage.PluginHost.Reconciliation;

/// <summary>The rules of reconciliation. The first that matches counts, and one matches always.</summary>
internal static class ReconcileTable
{
    /// <summary>Gets all rules, in their order.</summary>
    public static IReadOnlyList<ReconcileRule> Rules { get; } =
    [
        new(ReconcileAction.Forget, "No mount and no lease outlives the boot.") { Record = RecordFact.EarlierBoot },
        new(ReconcileAction.Keep, "A file system was half made; the next mount clears it.") { Record = RecordFact.EarlierFormatting },
        new(ReconcileAction.Release, "A file system was half made; it was not handed out yet.") { Record = RecordFact.Formatting },
        new(
            ReconcileAction.Keep,
            "Nobody uses it, but somebody still has it mounted.") { Record = RecordFact.Releasing, Holders = HolderFact.Somebody },
        new(ReconcileAction.Release, "Nobody uses it.") { Record = RecordFact.Releasing },
        new(ReconcileAction.GiveBack, "A crash or a lost answer has left its lease.")
        {
            Record = RecordFact.Missing,
            Mount = MountFact.Missing,
            Holders = HolderFact.Nobody,
            Lease = LeaseFact.Ours,
        },
        new(ReconcileAction.Keep, "It is not here.") { Record = RecordFact.Missing, Mount = MountFact.Missing },
        new(
            ReconcileAction.Adopt,
            "It is mounted and in use by another process, but its record is "
                + "lost.") { Record = RecordFact.Missing, Holders = HolderFact.Somebody, Lease = LeaseFact.Ours },
        new(
            ReconcileAction.GiveBack,
            "It is mounted, but its record is lost and nobody has "
                + "it.") { Record = RecordFact.Missing, Holders = HolderFact.Nobody, Lease = LeaseFact.Ours },
        new(
            ReconcileAction.Report,
            "Something is mounted where volumes are, and neither a record nor a lease tells why.") { Record = RecordFact.Missing },
        new(
            ReconcileAction.Keep,
            "Another host has its lease; somebody still has it mounted here, and writes "
                + "nothing.") { Record = RecordFact.Stale, Holders = HolderFact.Somebody },
        new(ReconcileAction.Release, "Another host has its lease, and nobody has it mounted here.") { Record = RecordFact.Stale },
        new(ReconcileAction.StopWriting, "Another host has its lease, so it may be written there.")
        {
            Record = RecordFact.Mounted,
            Mount = MountFact.Present,
            Lease = LeaseFact.Other | LeaseFact.Neighbour,
        },
        new(
            ReconcileAction.StopWriting,
            "Another host has its lease, and somebody still has it mounted "
                + "here.") { Record = RecordFact.Mounted, Holders = HolderFact.Somebody, Lease = LeaseFact.Other },
        new(
            ReconcileAction.Forget,
            "Somebody has unmounted it, and another plugin host of this machine has its lease: what is mounted is mounted "
                + "there.") { Record = RecordFact.Mounted, Mount = MountFact.Missing, Lease = LeaseFact.Neighbour },
        new(
            ReconcileAction.Release,
            "Nobody uses it: the engine that did was killed, has forgotten it, or somebody has unmounted "
                + "it.") { Record = RecordFact.Mounted, Uses = UseFact.Absent | UseFact.Ended | UseFact.Idle, Holders = HolderFact.Nobody },
        new(
            ReconcileAction.Report,
            "Something else is mounted where it is to be.") { Record = RecordFact.Mounted, Mount = MountFact.Foreign },
        new(ReconcileAction.Report, "The cluster no longer has the volume.") { Record = RecordFact.Mounted, Lease = LeaseFact.VolumeGone },
        new(ReconcileAction.TakeLeaseAgain, "The cluster has lost its lease.") { Record = RecordFact.Mounted, Lease = LeaseFact.Nobody },
        new(
            ReconcileAction.Report,
            "Somebody has unmounted it, and another host has its "
                + "lease.") { Record = RecordFact.Mounted, Mount = MountFact.Missing, Lease = LeaseFact.Other },
        new(ReconcileAction.MountAgain, "Somebody has unmounted it, and it is in use.")
        {
            Record = RecordFact.Mounted,
            Mount = MountFact.Missing,
            Lease = LeaseFact.Ours,
        },
        new(
            ReconcileAction.Report,
            "Somebody has unmounted it, and the cluster cannot be asked whether it may be mounted "
                + "again.") { Record = RecordFact.Mounted, Mount = MountFact.Missing },
        new(
            ReconcileAction.Keep,
            "The engine's use has ended, but a container or process still has "
                + "it.") { Record = RecordFact.Mounted, Uses = UseFact.Absent | UseFact.Ended },
        new(ReconcileAction.Keep, "It is in use.") { Record = RecordFact.Mounted },
    ];

    /// <summary>Decides what is done about a volume.</summary>
    /// <param name="facts">What was found of it.</param>
    public static ReconcileRule Decide(VolumeFacts facts) => Rules.First(rule => rule.Matches(facts));

    /// <summary>Writes the rules as a table in Markdown.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder("| record | mount | uses | held by | lease | what is done | why |\n|---|---|---|---|---|---|---|\n");
        foreach (var rule in Rules)
        {
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"| {Show(rule.Record, RecordFact.Any)} | {Show(rule.Mount, MountFact.Any)} | {Show(rule.Uses, UseFact.Any)} | "
                    + $"{Show(rule.Holders, HolderFact.Any)} | {Show(rule.Lease, LeaseFact.Any)} | **{rule.Action}** | {rule.Reason} |\n");
        }

        return text.ToString();
    }

    private static string Show<T>(T fact, T any)
        where T : struct, Enum => EqualityComparer<T>.Default.Equals(fact, any) ? string.Empty : fact.ToString();
}
