using System.Management.Automation;
using HedvigStorage.Connections;

namespace HedvigStorage.Commands;

/// <summary>Ends a connection. Without one there is nothing to do.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "HvCluster")]
public sealed class DisconnectHvClusterCommand : PSCmdlet
{
    /// <summary>Gets or sets the cluster. By default it is the default connection.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ConnectedCluster? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var current = DefaultCluster.Current;
        if (Cluster is null || ReferenceEquals(Cluster.Client, current?.Client))
        {
            DefaultCluster.Clear();
        }
        else
        {
            Cluster.Client.Dispose();
        }
    }
}
