using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv plugin</c>: the plugin host beside a Docker Engine.</summary>
internal static class PluginCommand
{
    public static Command Create() => new("plugin", "Installs, updates, tests, shows and removes the Docker volume plugin host.")
    {
        PluginInstallCommand.Create(
            "install", "Installs the plugin host and starts it, or finds that it runs with these settings.", anyMode: true),
        CreateOther(
            "update", "Puts this version of the plugin host in the place of the one that is installed, with its settings.", UpdateAsync),
        CreateOther("status", "Shows the plugin host. Exit status: 0 it runs, 1 it does not.", StatusAsync),
        CreateOther(
            "test",
            "Checks the plugin host, from its installation to an answer of the cluster. Exit status: 0 it works, 1 it does not.",
            TestAsync),
        CreateOther("uninstall", "Stops the plugin host and removes it. Refused while volumes are mounted.", UninstallAsync),
        PluginInstallCommand.Create(
            "start",
            "Starts the plugin host as a process of this machine, or finds that it runs. Needs root, for mounting needs it.",
            anyMode: false),
        CreateOther("stop", "Stops the plugin host. Refused while volumes are mounted.", UninstallAsync),
    };

    public static Option<string> NameOption() => new("--name")
    {
        Description = "The Docker volume driver's name.",
        DefaultValueFactory = _ => ConfiguredPlugin.DefaultName,
    };

    public static PluginDocument Describe(DockerPluginStatus status) => new(
        "plugin",
        status.Name,
        status.Mode?.ToString(),
        status.Service,
        status.Running,
        status.ProcessId,
        status.Version,
        status.Cluster,
        status.Host,
        status.Socket,
        status.StateDirectory,
        status.MountRoot,
        status.MountedVolumes,
        status.Volumes);

    private static Command CreateOther(
        string name, string description, Func<IDockerPluginInstaller, string, IOutput, CancellationToken, Task<int>> work)
    {
        var plugin = NameOption();
        var json = CommandRunner.JsonOption();
        var docker = new ConnectionOptions().Docker;
        var command = new Command(name, description) { plugin, docker, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            output => work(Connector.PluginInstaller(parsed.GetValue(docker)), parsed.GetRequiredValue(plugin), output, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> UpdateAsync(
        IDockerPluginInstaller installer, string name, IOutput output, CancellationToken cancellationToken)
    {
        output.Show(Describe(await installer.UpdateAsync(name, cancellationToken)));
        return ExitStatus.Success;
    }

    private static async Task<int> StatusAsync(
        IDockerPluginInstaller installer, string name, IOutput output, CancellationToken cancellationToken)
    {
        var status = await installer.GetStatusAsync(name, cancellationToken);
        output.Show(Describe(status));
        return status.Running ? ExitStatus.Success : ExitStatus.Failure;
    }

    private static async Task<int> TestAsync(
        IDockerPluginInstaller installer, string name, IOutput output, CancellationToken cancellationToken)
    {
        var checks = await installer.TestAsync(name, cancellationToken);
        var passed = checks.All(check => check.Passed);
        output.Show(new PluginTestDocument(
            "pluginTest", name, passed, [.. checks.Select(check => new PluginCheckDocument(check.Check, check.Passed, check.Message))]));
        return passed ? ExitStatus.Success : ExitStatus.Failure;
    }

    private static async Task<int> UninstallAsync(
        IDockerPluginInstaller installer, string name, IOutput output, CancellationToken cancellationToken)
    {
        await installer.UninstallAsync(name, cancellationToken);
        output.Show(Describe(await installer.GetStatusAsync(name, cancellationToken)));
        return ExitStatus.Success;
    }
}
