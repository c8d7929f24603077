using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv plugin install</c>, and <c>hv plugin start</c>, which is the same without a choice of the mode.</summary>
internal static class PluginInstallCommand
{
    public static Command Create(string verb, string description, bool anyMode)
    {
        var name = PluginCommand.NameOption();
        var json = CommandRunner.JsonOption();
        var host = new Option<string?>("--host") { Description = "This host's name in attachments. Default: the machine's." };
        var socket = new Option<string?>("--socket")
        {
            Description = "The unix socket. Default: /run/docker/plugins/NAME.sock.",
            HelpName = "PATH",
        };
        var state = new Option<string?>("--state") { Description = "The folder for the plugin host's state.", HelpName = "DIR" };
        var mountRoot = new Option<string?>("--mount-root")
        {
            Description = "The folder under which volumes are mounted.",
            HelpName = "DIR",
        };
        var mode = ModeOption();
        var data = new Option<string?>("--data")
        {
            Description =
                "For a managed plugin: the data folder of an embedded cluster on the engine's machine. Default: "
                    + "that of the cluster under .hedvig.",
            HelpName = "DIR",
        };
        var growth = new Option<bool?>("--online-growth")
        {
            Description =
                "For a managed plugin: ask the engine for CAP_SYS_RESOURCE, without which a mounted ext4 grows at its next mount only; "
                    + "'false' gives it back. Default: as it is installed, else no.",
            HelpName = "true|false",
        };
        var connection = new ConnectionOptions();
        var command = new Command(verb, description) { name, host, socket, state, mountRoot, json };
        command.Options.Add(connection.Cluster);
        command.Options.Add(connection.CredentialFile);
        command.Options.Add(connection.SkipCertificateCheck);
        if (anyMode)
        {
            command.Options.Add(mode);
            command.Options.Add(data);
            command.Options.Add(growth);
            command.Options.Add(connection.Docker);
        }

        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var settings = connection.Read(parsed);
                var (cluster, credentialFile, localData) = await Connector.FindForPluginAsync(settings, cancellationToken);
                var installer = Connector.PluginInstaller(settings.Docker);
                var plugin = ObjectName.Check("plugin", parsed.GetRequiredValue(name));
                var wanted = new DockerPluginSettings
                {
                    Name = plugin,
                    Mode = anyMode
                        ? ReadMode(parsed.GetValue(mode))
                        : (await installer.GetStatusAsync(plugin, cancellationToken)).Mode ?? DockerPluginMode.Process,
                    Cluster = cluster,
                    CredentialFile = credentialFile,
                    SkipCertificateCheck = settings.SkipCertificateCheck,
                    Host = parsed.GetValue(host),
                    Socket = Full(parsed.GetValue(socket)),
                    StateDirectory = Full(parsed.GetValue(state)),
                    MountRoot = Full(parsed.GetValue(mountRoot)),
                    DataDirectory = Full(anyMode ? parsed.GetValue(data) : null) ?? localData,
                    OnlineGrowth = anyMode ? parsed.GetValue(growth) : null,
                };
                output.Show(PluginCommand.Describe(await installer.InstallAsync(wanted, cancellationToken)));
                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    private static Option<string?> ModeOption()
    {
        var mode = new Option<string?>("--mode")
        {
            Description =
                "How it is run: process, a plain process of this machine; service, kept by systemd; managed, "
                    + "kept by the Docker Engine itself. Default: as it is installed, else a service where systemd runs the machine, "
                    + "and a process elsewhere.",
            HelpName = "MODE",
        };
        return mode.AcceptOnlyFromAmong("process", "service", "managed");
    }

    private static DockerPluginMode? ReadMode(string? mode) => mode is null ? null : Enum.Parse<DockerPluginMode>(mode, ignoreCase: true);

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
