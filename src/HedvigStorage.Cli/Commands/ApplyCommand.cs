using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv apply FILE</c>: makes it so.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var file = PlanCommand.FileArgument();
        var json = CommandRunner.JsonOption();
        var allowReplace = new Option<bool>("--allow-replace") { Description = "Allow volumes to be replaced where nothing else leads to what is desired. Their data is lost." };
        var connection = new ConnectionOptions();
        var command = new Command("apply", "Makes storage and containers as the configuration desires them. Exit status: 0 converged, 1 anything failed.") { file, json, allowReplace };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var configuration = ConfigurationFile.Read(parsed.GetRequiredValue(file));
                var targets = await Connector.ConnectAsync(connection.Read(parsed), cancellationToken);
                using var cluster = targets.Cluster;
                using var docker = targets.Docker;
                var options = new ApplyOptions { AllowReplace = parsed.GetValue(allowReplace) ? ApplyOptions.AnyKind : [] };
                return await ConvergeAsync(configuration, targets, options, output, cancellationToken) ? ExitStatus.Success : ExitStatus.Failure;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Plans, shows the plan and carries it out.</summary>
    /// <returns>Whether all is as desired now.</returns>
    public static async Task<bool> ConvergeAsync(Configuration configuration, PlanTargets targets, ApplyOptions options, IOutput output, CancellationToken cancellationToken)
    {
        var plan = await new Planner(targets).PlanAsync(configuration, cancellationToken);
        output.Show(plan);
        if (!plan.HasChanges)
        {
            return true;
        }

        var report = await output.ApplyAsync(plan, options, cancellationToken);
        return report.Succeeded;
    }
}
