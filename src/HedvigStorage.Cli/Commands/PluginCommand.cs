using System.CommandLine;
using System.IO;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv plugin start|stop|status</c>: the plugin host beside the Docker Engine of this machine.</summary>
internal static class PluginCommand
{
    public static Command Create() => new("plugin", "Starts, stops and shows the Docker volume plugin host on this machine.") { CreateStart(), CreateStop(), CreateStatus() };

    private static Option<string> NameOption() => new("--name")
    {
        Description = "The Docker volume driver's name.",
        DefaultValueFactory = _ => ConfiguredPlugin.DefaultName,
    };

    private static PluginDocument Describe(DockerPluginStatus status) => new(
        "plugin",
        status.Name,
        status.Running,
        status.ProcessId,
        status.Version,
        status.Cluster,
        status.Host,
        status.Socket,
        status.StateDirectory,
        status.MountRoot,
        status.MountedVolumes);

    private static Command CreateStart()
    {
        var name = NameOption();
        var json = CommandRunner.JsonOption();
        var host = new Option<string?>("--host") { Description = "This host's name in attachments; the machine's unless told." };
        var socket = new Option<string?>("--socket") { Description = "The unix socket; /run/docker/plugins/NAME.sock unless told.", HelpName = "PATH" };
        var state = new Option<string?>("--state") { Description = "The folder for the plugin host's state.", HelpName = "DIR" };
        var mountRoot = new Option<string?>("--mount-root") { Description = "The folder under which volumes are mounted.", HelpName = "DIR" };
        var connection = new ConnectionOptions();
        var command = new Command("start", "Starts the plugin host, or finds that it runs. Needs root, for mounting needs it.") { name, host, socket, state, mountRoot, json };
        command.Options.Add(connection.Cluster);
        command.Options.Add(connection.CredentialFile);
        command.Options.Add(connection.SkipCertificateCheck);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var (cluster, credentialFile) = await Connector.FindForPluginAsync(
                    new ConnectionSettings(
                        parsed.GetValue(connection.Cluster) ?? ConnectionOptions.FromEnvironment("HV_CLUSTER"),
                        parsed.GetValue(connection.CredentialFile) ?? ConnectionOptions.FromEnvironment("HV_CREDENTIAL_FILE"),
                        Docker: null,
                        parsed.GetValue(connection.SkipCertificateCheck)),
                    cancellationToken);
                var installer = Connector.PluginInstaller();
                if (installer.WhyNot() is { } reason)
                {
                    throw new ClusterException(ErrorCode.Unsupported, reason);
                }

                var settings = new DockerPluginSettings
                {
                    Name = ObjectName.Check("plugin", parsed.GetRequiredValue(name)),
                    Cluster = cluster,
                    CredentialFile = credentialFile,
                    SkipCertificateCheck = parsed.GetValue(connection.SkipCertificateCheck),
                    Host = parsed.GetValue(host),
                    Socket = Full(parsed.GetValue(socket)),
                    StateDirectory = Full(parsed.GetValue(state)),
                    MountRoot = Full(parsed.GetValue(mountRoot)),
                };
                output.Show(Describe(await installer.InstallAsync(settings, cancellationToken)));
                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    private static Command CreateStop()
    {
        var name = NameOption();
        var json = CommandRunner.JsonOption();
        var command = new Command("stop", "Stops the plugin host. Refused while volumes are mounted.") { name, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var installer = Connector.PluginInstaller();
                await installer.UninstallAsync(parsed.GetRequiredValue(name), cancellationToken);
                output.Show(Describe(await installer.GetStatusAsync(parsed.GetRequiredValue(name), cancellationToken)));
                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    private static Command CreateStatus()
    {
        var name = NameOption();
        var json = CommandRunner.JsonOption();
        var command = new Command("status", "Shows the plugin host. Exit status: 0 it runs, 1 it does not.") { name, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var status = await Connector.PluginInstaller().GetStatusAsync(parsed.GetRequiredValue(name), cancellationToken);
                output.Show(Describe(status));
                return status.Running ? ExitStatus.Success : ExitStatus.Failure;
            },
            cancellationToken));
        return command;
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
