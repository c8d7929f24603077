using System.Management.Automation;
using HedvigStorage.Connections;
using HedvigStorage.Errors;

namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has that speaks to a cluster.</summary>
public abstract class ClusterCommand : HvCommand
{
    private protected ClusterCommand()
    {
    }

    /// <summary>Gets or sets the cluster, as <c>Connect-HvCluster</c> returned it. By default it is the default connection.</summary>
    [Parameter]
    [ValidateNotNull]
    public ConnectedCluster? Cluster { get; set; }

    private protected ConnectedCluster Connection => Need(Subjects.Cluster, null, () => Cluster ?? DefaultCluster.Current
        ?? throw new ClusterException(ErrorCode.InvalidArgument, "No cluster is connected. Run Connect-HvCluster first, or give -Cluster."));

    private protected ICluster Client => Connection.Client;

    /// <summary>Warns where the engine gives something else than what is asked for.</summary>
    private protected void WarnOfDifference(string kind, string name, VolumeAttributes requested, VolumeAttributes effective)
    {
        if (AttributeDifferences.Describe(requested, effective) is { } differences)
        {
            WriteWarning($"The engine {Connection.Engine} does not give the {kind} '{name}' all that is asked for: {differences}.");
        }
    }
}
