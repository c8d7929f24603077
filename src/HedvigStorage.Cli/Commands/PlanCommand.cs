using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv plan FILE</c>: shows what <c>apply</c> would do.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var file = FileArgument();
        var json = CommandRunner.JsonOption();
        var connection = new ConnectionOptions();
        var command = new Command("plan", "Shows what 'apply' would do, and changes nothing. Exit status: 0 nothing to do, 2 differences, 1 error.") { file, json };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var plan = await PlanAsync(parsed.GetRequiredValue(file), connection.Read(parsed), cancellationToken);
                output.Show(plan);
                return plan.HasChanges ? ExitStatus.Differences : ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    public static Argument<string> FileArgument() => new("FILE") { Description = "The configuration, a JSON file; - is standard input." };

    public static async Task<Plan> PlanAsync(string file, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        // The document is read first: what is wrong with it needs no cluster to be told.
        var configuration = ConfigurationFile.Read(file);
        var targets = await Connector.ConnectAsync(settings, cancellationToken);
        using var cluster = targets.Cluster;
        using var docker = targets.Docker;
        return await new Planner(targets).PlanAsync(configuration, cancellationToken);
    }
}
