using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv cluster check</c>: holds the catalog and all images of an embedded cluster against what was written.</summary>
internal static class ClusterCheckCommand
{
    public static Command Create()
    {
        var data = new Option<string?>(
            "--data") { Description = "The cluster's data directory; default: .hedvig/cluster.", HelpName = "DIR" };
        var accept = new Option<bool>("--accept")
        {
            Description =
                "From now on take for right what differs from what was written, where the catalog is whole and the images are there in "
                    + "their size. The cluster must be stopped.",
        };
        var json = CommandRunner.JsonOption();
        var command = new Command(
            "check",
            "Looks whether the catalog and all images are as they were written, of a cluster that runs or is stopped. Exit status: "
                + "0 nothing is wrong, 2 something is, 1 it could not be checked.") { data, accept, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var host = LocalClusterCommand.Host(parsed.GetValue(data));
                var document = await CheckAsync(host, parsed.GetValue(accept), cancellationToken);
                output.Show(document);
                return document.Healthy ? ExitStatus.Success : ExitStatus.Differences;
            },
            cancellationToken));
        return command;
    }

    private static async Task<ClusterCheckDocument> CheckAsync(ClusterHostProcess host, bool accept, CancellationToken cancellationToken)
    {
        var status = await host.GetStatusAsync(cancellationToken);
        if (status is not { Running: true, Address: { } address })
        {
            var found = await host.CheckStoppedAsync(accept, cancellationToken);
            return new ClusterCheckDocument("clusterCheck", status.DataDirectory, Running: false, found.Count == 0, found);
        }

        if (accept)
        {
            throw new ClusterException(ErrorCode.Busy, $"The cluster in {status.DataDirectory} runs. Stop it first: 'hv cluster stop'.");
        }

        using var cluster = Connector.Cluster(address.ToString(), status.CredentialFile);
        var health = await cluster.Administration.CheckAsync(cancellationToken);
        return new ClusterCheckDocument("clusterCheck", status.DataDirectory, Running: true, health.Healthy, health.Problems);
    }
}
