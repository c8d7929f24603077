using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;

namespace HedvigStorage.Cli.Commands;

/// <summary>What the commands have in common that do one thing to a cluster.</summary>
internal static class StorageCommand
{
    /// <summary>Makes a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="work">What it does to the cluster.</param>
    public static Command Create(
        string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, ICluster, IOutput, CancellationToken, Task> work)
    {
        var json = CommandRunner.JsonOption();
        var connection = new ConnectionOptions();
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(connection.Cluster);
        command.Options.Add(connection.CredentialFile);
        command.Options.Add(connection.SkipCertificateCheck);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var targets = await Connector.ConnectAsync(connection.ReadCluster(parsed), cancellationToken);
                using var cluster = targets.Cluster;
                using var docker = targets.Docker;
                await work(parsed, cluster, output, cancellationToken);
                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Makes an argument that names an object.</summary>
    public static Argument<string> Name(string shown, string kind) => new(shown) { Description = $"The {kind}'s name." };

    /// <summary>Reads a size that was given.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it is not a size; the message says what would
    /// be.</exception>
    public static ByteSize ReadSize(string text) =>
        ByteSize.TryParse(text, out var size, out var error) ? size : throw new ClusterException(ErrorCode.InvalidArgument, error!);
}
