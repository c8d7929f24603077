using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv cluster backup</c>: copies what a cluster knows to a file.</summary>
internal static class ClusterBackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A new file, which its owner alone may read.", HelpName = "FILE" };
        var data = LocalClusterCommand.DataOption();
        var json = CommandRunner.JsonOption();
        var command = new Command(
            "backup",
            "Copies the cluster's catalog as of one instant, of a cluster that runs or is stopped: all that it knows of its volumes, but "
                + "not what is in them.") { file, data, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var host = LocalClusterCommand.Host(parsed.GetValue(data));
                output.Show(await BackUpAsync(host, Path.GetFullPath(parsed.GetRequiredValue(file)), cancellationToken));
                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    private static async Task<ClusterBackupDocument> BackUpAsync(
        ClusterHostProcess host, string file, CancellationToken cancellationToken)
    {
        if (Path.Exists(file))
        {
            throw new ClusterException(ErrorCode.Conflict, $"'{file}' already exists. Give the name of a new file.");
        }

        var status = await host.GetStatusAsync(cancellationToken);
        if (status is not { Running: true, Address: { } address })
        {
            await host.BackUpStoppedAsync(file, cancellationToken);
        }
        else
        {
            using var cluster = Connector.Cluster(address.ToString(), status.CredentialFile);
            await OutputFile.WriteAsync(file, stream => cluster.Administration.BackUpAsync(stream, cancellationToken));
        }

        return new ClusterBackupDocument("clusterBackup", status.DataDirectory, status.Running, file, new FileInfo(file).Length);
    }
}
