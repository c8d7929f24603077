using HedvigStorage.Completers;
using HedvigStorage.Connections;

namespace HedvigStorage.Commands;

/// <summary>Logs out and ends connections. Without one there is nothing to do.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "HvCluster", DefaultParameterSetName = ClusterSet)]
public sealed class DisconnectHvClusterCommand : ConnectingCommand
{
    private const string ClusterSet = "Cluster";
    private const string AllSet = "All";

    /// <summary>Gets or sets the connection, or the name or address of an open one. By default it is the default connection.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ClusterSet)]
    [ValidateNotNull]
    [ClusterReferenceTransformation]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public ClusterReference? Cluster { get; set; }

    /// <summary>Gets or sets whether all connections of the session are ended.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (All)
        {
            foreach (var cluster in SessionConnections.All)
            {
                End(cluster);
            }
        }
        else if (Cluster is null)
        {
            End(SessionConnections.Default);
        }
        else
        {
            ForEach(Subjects.Cluster, Cluster, () => End(FindNamed(Cluster)));
        }
    }

    // A profile is not opened to be ended.
    private static ConnectedCluster FindNamed(ClusterReference reference) => reference.Connected
        ?? FindOpen(reference.Name ?? reference.Host!.Address?.ToString() ?? string.Empty)
        ?? throw new ClusterException(ErrorCode.NotFound, $"There is no open connection '{ObjectName.Printable(reference.ToString())}'.");

    private void End(ConnectedCluster? cluster)
    {
        if (cluster is not null)
        {
            Await(token => LogoutAsync(cluster.Client, token));
            SessionConnections.End(cluster);
        }
    }
}
