using System.CommandLine;
using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv volume</c>: one quick thing to a volume, where a document would be too much.</summary>
internal static class VolumeCommand
{
    public static Command Create() =>
        new("volume", "Lists, shows, makes, grows and removes volumes, one at a time; for more there are documents.")
    {
        CreateList(), CreateShow(), CreateCreate(), CreateResize(), CreateRemove(),
    };

    private static Argument<string> NameArgument() => StorageCommand.Name("NAME", "volume");

    private static Command CreateList()
    {
        var pattern = new Argument<string?>(
            "PATTERN") { Description = "Names with * and ?, in any letter case; default: all.", Arity = ArgumentArity.ZeroOrOne };
        return StorageCommand.Create("list", "Lists volumes.", [pattern], async (parsed, cluster, output, cancellationToken) =>
        {
            var volumes = await cluster.ListAllVolumesAsync(new VolumeQuery { Pattern = parsed.GetValue(pattern) }, cancellationToken);
            output.Show([.. volumes.Select(VolumeDocument.Of)]);
        });
    }

    private static Command CreateShow()
    {
        var name = NameArgument();
        return StorageCommand.Create("show", "Shows a volume.", [name], async (parsed, cluster, output, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(name);
            Show(output, await cluster.FindVolumeAsync(wanted, cancellationToken) ?? throw NotThere(wanted));
        });
    }

    private static Command CreateCreate()
    {
        var name = NameArgument();
        var size = new Option<string?>(
            "--size") { Description = "The size, such as 20GB; that of its source if it is a clone.", HelpName = "SIZE" };
        var policy = new Option<string?>("--policy") { Description = "The policy.", HelpName = "NAME" };
        var type = new Option<string?>("--type") { Description = "Block or File; default: Block.", HelpName = "TYPE" };
        var fileSystem = new Option<string?>(
            "--fs") { Description = "The file system that its first mount makes: ext4 or xfs; default: ext4.", HelpName = "FS" };
        var from = new Option<string?>("--from") { Description = "The volume to clone.", HelpName = "VOLUME" };
        var snapshot = new Option<string?>("--snapshot") { Description = "The snapshot of that volume to clone.", HelpName = "NAME" };
        var description = new Option<string?>("--description") { Description = "Text for people.", HelpName = "TEXT" };
        var protect = new Option<bool>("--protect") { Description = "Refuse to remove or revert it." };
        Symbol[] symbols = [name, size, policy, type, fileSystem, from, snapshot, description, protect];
        const string Description = "Creates a volume, or shows the same one if it exists.";
        return StorageCommand.Create("create", Description, symbols, async (parsed, cluster, output, cancellationToken) =>
        {
            var specification = new VolumeSpecification
            {
                Name = ObjectName.Check("volume", parsed.GetRequiredValue(name)),
                Size = parsed.GetValue(size) is { } text ? StorageCommand.ReadSize(text) : null,
                Policy = parsed.GetValue(policy),
                Type = ReadWord<VolumeType>("--type", parsed.GetValue(type)),
                FileSystem = ReadWord<VolumeFileSystem>("--fs", parsed.GetValue(fileSystem)),
                SourceVolume = parsed.GetValue(from),
                SourceSnapshot = parsed.GetValue(snapshot),
                Description = parsed.GetValue(description),
                Protected = parsed.GetValue(protect) ? true : null,
            };
            if (specification is { Size: null, SourceVolume: null })
            {
                throw new ClusterException(
                    ErrorCode.InvalidArgument,
                    "A new volume needs a size. Give one with --size, such as --size 20GB; only a clone takes that of its source.");
            }

            if (specification is { SourceSnapshot: not null, SourceVolume: null })
            {
                throw new ClusterException(
                    ErrorCode.InvalidArgument, "--snapshot names a snapshot of the volume that --from names. Give that too.");
            }

            var made = await cluster.CreateVolumeAsync(specification, cancellationToken);
            Show(output, made);
            if (AttributeDifferences.Describe(made.Requested, made.Effective) is { } differences)
            {
                output.Say($"! {differences}: this cluster does not give what was asked for.");
            }
        });
    }

    private static Command CreateResize()
    {
        var name = NameArgument();
        var size = new Argument<string>("SIZE") { Description = "The new size, such as 40GB. Volumes only grow." };
        return StorageCommand.Create("resize", "Grows a volume, while it is used too.", [name, size], async (
            parsed, cluster, output, cancellationToken) =>
            Show(
                output,
                await cluster.ResizeVolumeAsync(
                    parsed.GetRequiredValue(name), StorageCommand.ReadSize(parsed.GetRequiredValue(size)), cancellationToken)));
    }

    private static Command CreateRemove()
    {
        var name = NameArgument();
        const string Description = "Removes a volume with its data and snapshots. Refused while it is used or protected.";
        return StorageCommand.Create("remove", Description, [name], async (parsed, cluster, output, cancellationToken) =>
        {
            var gone = parsed.GetRequiredValue(name);
            var found = await cluster.FindVolumeAsync(gone, cancellationToken) ?? throw NotThere(gone);
            await cluster.DeleteVolumeAsync(found.Name, cancellationToken);
            output.Say($"The volume {found.Name} is removed.");
        });
    }

    private static void Show(IOutput output, Volume volume) => output.Show([VolumeDocument.Of(volume)]);

    private static ClusterException NotThere(string name) => new(ErrorCode.NotFound, $"There is no volume '{ObjectName.Printable(name)}'.");

    private static T? ReadWord<T>(string option, string? text)
        where T : struct, Enum => text is null ? null
        : AttributeTable.TryParseWord<T>(text, out var value) ? value
        : throw new ClusterException(
            ErrorCode.InvalidArgument,
            $"'{ObjectName.Printable(text)}' is not a value of {option}. {Nearest.Hint(text, Enum.GetNames<T>())}");
}
