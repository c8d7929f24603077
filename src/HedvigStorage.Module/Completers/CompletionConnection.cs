using System;
using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>The connection that a command would use which somebody types.</summary>
internal static class CompletionConnection
{
    /// <summary>Finds it; <see langword="null"/> if there is none, or if it cannot be told before the command runs. A profile that is not connected is not connected for this.</summary>
    public static ConnectedCluster? Find(CompletionRequest request) => request.Find("Cluster") switch
    {
        null => DefaultCluster.Current,
        ConnectedCluster cluster => cluster,
        ClusterReference { Connected: { } cluster } => cluster,
        ClusterReference { Name: { } name } => Named(name),
        string name => Named(name),
        Uri address => Named(address.OriginalString),
        _ => null,
    };

    private static ConnectedCluster? Named(string name) => SessionConnections.Find(name) is { Count: > 0 } found ? found[0] : null;
}
