using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Connections;
using HedvigStorage.Errors;

namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has that speaks to a cluster.</summary>
public abstract class ClusterCommand : ConnectingCommand
{
    private ClusterReference? _resolved;
    private ConnectedCluster? _connection;

    private protected ClusterCommand()
    {
    }

    /// <summary>
    /// Gets or sets the cluster: as <c>Connect-HvCluster</c> returned it, the name or address of an open connection, or the name of a saved profile.
    /// By default it is the default connection.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public ClusterReference? Cluster { get; set; }

    /// <summary>Gets whether a cluster is named or connected.</summary>
    private protected bool HasConnection => Cluster is not null || SessionConnections.Default is not null;

    private protected ConnectedCluster Connection => Need(Subjects.Cluster, Cluster, FindConnection);

    private protected ICluster Client => Connection.Client;

    /// <summary>Warns where the engine gives something else than what is asked for.</summary>
    private protected void WarnOfDifference(string kind, string name, VolumeAttributes requested, VolumeAttributes effective)
    {
        if (AttributeDifferences.Describe(requested, effective) is { } differences)
        {
            WriteWarning($"The engine {Connection.Engine} does not give the {kind} '{name}' all that is asked for: {differences}.");
        }
    }

    // Found once: a name means the same cluster for all objects of a pipeline.
    private ConnectedCluster FindConnection()
    {
        if (Cluster is null)
        {
            return SessionConnections.Default ?? throw new ClusterException(ErrorCode.InvalidArgument, "No cluster is connected. Run Connect-HvCluster first, or give -Cluster.");
        }

        if (_connection is null || !ReferenceEquals(_resolved, Cluster))
        {
            _connection = Resolve(Cluster);
            _resolved = Cluster;
        }

        return _connection;
    }
}
