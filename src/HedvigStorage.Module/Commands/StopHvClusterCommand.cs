using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>
/// Stops embedded clusters of this machine. Their volumes stay, and containers that have them mounted go on. One that does not run is not
/// an error.
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "HvCluster", SupportsShouldProcess = true)]
[OutputType(typeof(ClusterHostStatus))]
public sealed class StopHvClusterCommand : ClusterHostCommand
{
    /// <summary>Gets or sets whether the cluster is written after it has stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(IClusterHost host, string path)
    {
        if (!ShouldProcess(path, "Stop the embedded cluster"))
        {
            return;
        }

        if (!Await(host.StopAsync))
        {
            WriteVerbose($"The cluster in '{path}' did not run.");
        }

        if (PassThru)
        {
            WriteObject(Status(host));
        }
    }
}
