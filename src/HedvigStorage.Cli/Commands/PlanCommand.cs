using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv plan FILE</c>: shows what <c>apply</c> would do.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var file = FileArgument();
        var prune = PruneOption();
        var json = CommandRunner.JsonOption();
        var saved = new Option<string?>("--out")
        {
            Description = "Save the plan, for 'hv apply FILE --plan PLAN' to carry out exactly it.",
            HelpName = "PLAN",
        };
        var connection = new ConnectionOptions();
        var command = new Command(
            "plan",
            "Shows what 'apply' would do, and changes nothing. Exit status: 0 nothing to do, 2 differences, "
                + "1 error.") { file, prune, saved, json };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var options = new PlanOptions { Prune = parsed.GetValue(prune) };
                var plan = await PlanAsync(parsed.GetRequiredValue(file), options, connection.Read(parsed), cancellationToken);
                if (parsed.GetValue(saved) is { } path)
                {
                    await PlanFile.WriteAsync(path, plan, TimeProvider.System.GetUtcNow());
                }

                output.Show(plan);
                return plan.HasChanges ? ExitStatus.Differences : ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    public static Argument<string> FileArgument() => new("FILE") { Description = "The configuration, a JSON file; - is standard input." };

    public static Option<bool> PruneOption() =>
        new("--prune") { Description = "Remove what the document has made and no longer describes. It needs a document with a name." };

    public static async Task<Plan> PlanAsync(
        string file, PlanOptions options, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        // The document is read first: what is wrong with it needs no cluster to be told.
        var configuration = ConfigurationFile.Read(file);
        var targets = await Connector.ConnectAsync(settings, cancellationToken);
        using var cluster = targets.Cluster;
        using var docker = targets.Docker;
        return await new Planner(targets).PlanAsync(configuration, options, cancellationToken);
    }
}
