using System.CommandLine;
using System.Linq;
using HedvigStorage.Cli.Connections;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv test FILE</c>: tells whether all is as desired.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var file = PlanCommand.FileArgument();
        var json = CommandRunner.JsonOption();
        var connection = new ConnectionOptions();
        var command = new Command("test", "Tells whether all is as desired, and what is not. Exit status: 0 it is, 2 it is not, 1 error.") { file, json };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var plan = await PlanCommand.PlanAsync(parsed.GetRequiredValue(file), connection.Read(parsed), cancellationToken);
                if (parsed.GetValue(json))
                {
                    output.Show(plan);
                }
                else
                {
                    foreach (var step in plan.Changes)
                    {
                        output.Say($"{step.Id}: {step.Reason}");
                    }

                    output.Say(plan.HasChanges ? $"Not as desired: {plan.Changes.Count()} of {plan.Steps.Count} objects differ." : $"As desired: all {plan.Steps.Count} objects.");
                }

                return plan.HasChanges ? ExitStatus.Differences : ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }
}
