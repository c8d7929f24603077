namespace HedvigStorage.Connections;

/// <summary>The default connection of the session.</summary>
internal static class DefaultCluster
{
    public static ConnectedCluster? Current => SessionConnections.Default;
}
