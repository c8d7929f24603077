namespace HedvigStorage.Connections;

/// <summary>The cluster that an object came from, with the connection that it came by.</summary>
/// <param name="connection">The connection.</param>
internal sealed class ConnectedOrigin(ConnectedCluster connection) : ClusterOrigin(connection.Nodes.Append(connection.Address).First())
{
    public ConnectedCluster Connection { get; } = connection;
}
