using System.CommandLine;
using HedvigStorage.Cli.Output;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv snapshot</c>: one quick thing to a snapshot, where a document would be too much.</summary>
internal static class SnapshotCommand
{
    public static Command Create() => new("snapshot", "Lists, makes and removes snapshots of volumes, and takes volumes back to them.")
    {
        CreateList(), CreateCreate(), CreateRevert(), CreateRemove(),
    };

    private static Argument<string> VolumeArgument() => StorageCommand.Name("VOLUME", "volume");

    private static Argument<string> NameArgument() => StorageCommand.Name("NAME", "snapshot");

    private static Command CreateList()
    {
        var volume = new Argument<string?>(
            "VOLUME") { Description = "The volume's name; default: all volumes.", Arity = ArgumentArity.ZeroOrOne };
        return StorageCommand.Create("list", "Lists snapshots.", [volume], async (parsed, cluster, output, cancellationToken) =>
        {
            var snapshots = await cluster.ListAllSnapshotsAsync(new SnapshotQuery { Volume = parsed.GetValue(volume) }, cancellationToken);
            output.Show([.. snapshots.Select(SnapshotDocument.Of)]);
        });
    }

    private static Command CreateCreate()
    {
        var volume = VolumeArgument();
        var name = new Argument<string?>("NAME")
        {
            Description = "The snapshot's name; default: one that the cluster makes of the time.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return StorageCommand.Create("create", "Creates a snapshot, of a volume in use too.", [volume, name], async (
            parsed, cluster, output, cancellationToken) =>
            output.Show(
                [SnapshotDocument.Of(
                    await cluster.CreateSnapshotAsync(
                        parsed.GetRequiredValue(volume), parsed.GetValue(name), ObjectLabels.None, cancellationToken))]));
    }

    private static Command CreateRevert()
    {
        var volume = VolumeArgument();
        var name = NameArgument();
        return StorageCommand.Create("revert", "Takes a volume back to a snapshot: what was written since is lost. "
            + "Refused while it is used or protected.", [volume, name], async (parsed, cluster, output, cancellationToken) =>
            output.Show(
                [VolumeDocument.Of(
                    await cluster.RevertVolumeAsync(parsed.GetRequiredValue(volume), parsed.GetRequiredValue(name), cancellationToken))]));
    }

    private static Command CreateRemove()
    {
        var volume = VolumeArgument();
        var name = NameArgument();
        return StorageCommand.Create("remove", "Removes a snapshot.", [volume, name], async (parsed, cluster, output, cancellationToken) =>
        {
            await cluster.DeleteSnapshotAsync(parsed.GetRequiredValue(volume), parsed.GetRequiredValue(name), cancellationToken);
            output.Say($"The snapshot {parsed.GetValue(volume)}@{parsed.GetValue(name)} is removed.");
        });
    }
}
