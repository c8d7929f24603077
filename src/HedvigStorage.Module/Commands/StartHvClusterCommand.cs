using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>Starts clusters of this machine, or finds that they run. What is not given is as at the start before.</summary>
[Cmdlet(VerbsLifecycle.Start, "HvCluster", SupportsShouldProcess = true)]
[OutputType(typeof(ClusterHostStatus))]
public sealed class StartHvClusterCommand : ClusterStartCommand
{
    private protected override void Process(IClusterHost host, string path)
    {
        var options = Options();
        if (Status(host) is { Running: true, Answers: true } running)
        {
            WriteObject(running);
        }
        else if (ShouldProcess(path, "Start the cluster"))
        {
            WriteStarted(Await(token => host.StartAsync(options, token)));
        }
    }
}
