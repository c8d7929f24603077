using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv export</c>: writes what is there as a document.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var name = new Option<string?>("--name")
        {
            Description = "Give the document a name: applied, it makes what it describes its own.",
            HelpName = "NAME",
        };
        var containers = new Option<bool>("--containers")
        {
            Description = "Write the plugin host and the containers that mount its volumes too.",
        };
        var environment = new Option<bool>("--environment")
        {
            Description = "Write the environment of containers too. It may hold secrets.",
        };
        var file = new Option<string?>(
            "--out") { Description = "Write to a file that only its owner may read; else to standard output.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Write errors as JSON. The document is JSON in any case." };
        var connection = new ConnectionOptions();
        var command = new Command(
            "export",
            "Writes what is there as a document. A plan of it has nothing to do. Exit status: 0 written, "
                + "1 error.") { name, containers, environment, file, json };
        connection.AddTo(command);
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !ObjectName.IsValid(token.Value))
            {
                result.AddError(
                    $"'{ObjectName.Printable(token.Value)}' is not a valid name of a document: letters, digits, '_', '.' and '-', "
                        + "starting with a letter or digit, at most 255 bytes.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(environment) is not null && result.GetResult(containers) is null)
            {
                result.AddError("--environment is of containers: give --containers too.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async _ =>
            {
                var targets = await Connector.ConnectAsync(connection.Read(parsed), cancellationToken);
                using var cluster = targets.Cluster;
                using var docker = targets.Docker;
                var options = new ExportOptions
                {
                    Name = parsed.GetValue(name),
                    Docker = parsed.GetValue(containers),
                    Environment = parsed.GetValue(environment),
                };
                var configuration = await new ConfigurationExporter(targets).ExportAsync(options, cancellationToken);
                foreach (var omission in configuration.Omissions)
                {
                    Connector.Warn(omission);
                }

                var text = DocumentJson.Write(ConfigurationWriter.Write(configuration), indented: true);
                if (parsed.GetValue(file) is { } path)
                {
                    await OutputFile.WriteAsync(path, text);
                }
                else
                {
                    await Console.Out.WriteLineAsync(text);
                }

                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }
}
