using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv test FILE</c>: tells whether all is as desired.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var file = PlanCommand.FileArgument();
        var prune = PlanCommand.PruneOption();
        var json = CommandRunner.JsonOption();
        var connection = new ConnectionOptions();
        var command = new Command(
            "test", "Shows whether all is as desired, and what is not. Exit status: 0 it is, 2 it is not, 1 error.") { file, prune, json };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var options = new PlanOptions { Prune = parsed.GetValue(prune) };
                var plan = await PlanCommand.PlanAsync(parsed.GetRequiredValue(file), options, connection.Read(parsed), cancellationToken);
                if (parsed.GetValue(json))
                {
                    output.Show(plan);
                }
                else
                {
                    foreach (var line in PlanText.TestLines(plan))
                    {
                        output.Say(line);
                    }
                }

                return plan.HasChanges ? ExitStatus.Differences : ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }
}
