using System.CommandLine;
using System.CommandLine.Parsing;
using HedvigStorage.Cli.Commands;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var output = new GuardedWriter(Console.Out);
        Console.SetOut(output);
        Console.SetError(new GuardedWriter(Console.Error));
        var status = await RunAsync(arguments);
        output.Flush();
        if (output.Failure is not { } failure)
        {
            return status;
        }

        // One whose results were lost has failed, whatever it did.
        await Console.Error.WriteLineAsync($"hv: the output could not be written to its end: {failure.Message}");
        return ExitStatus.Failure;
    }

    private static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Manages clusters, volumes, policies and snapshots, and the containers that use them.")
        {
            QuickstartCommand.Create(),
            PlanCommand.Create(),
            ApplyCommand.Create(),
            TestCommand.Create(),
            ExportCommand.Create(),
            VolumeCommand.Create(),
            SnapshotCommand.Create(),
            LocalClusterCommand.Create(),
            PluginCommand.Create(),
            DscCommand.Create(),
        };
        root.Subcommands.Add(HelpCommand.Create(root));
        var parsed = root.Parse(ApplyCommand.WriteOut(arguments));
        if (parsed.Errors.Count > 0)
        {
            return Usage(parsed);
        }

        using var interruption = new Interruption();
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                interruption.Token);
        }
#pragma warning disable CA1031 // A fault of the program ends with one line and its status, too: nobody can do anything with a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"hv: unexpected error, {e.GetType().Name}: {PrintableText.Lines(e.Message)}");
            return ExitStatus.Failure;
        }
    }

    private static int Usage(ParseResult parsed)
    {
        var message = parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command.Subcommands.Count > 0
            ? HelpCommand.Unknown(parsed.UnmatchedTokens[0], parsed.CommandResult.Command)
            : parsed.Errors[0].Message;
        Console.Error.WriteLine($"{CommandPath(parsed.CommandResult)}: {message} Try '{CommandPath(parsed.CommandResult)} --help'.");
        return ExitStatus.Usage;
    }

    private static string CommandPath(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPath(parent)} {result.Command.Name}" : "hv";
}
