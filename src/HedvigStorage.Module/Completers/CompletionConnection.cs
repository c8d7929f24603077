using System;
using System.Linq;
using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>The connection that a command would use which somebody types.</summary>
internal static class CompletionConnection
{
    /// <summary>Finds it; <see langword="null"/> if there is none, or if it cannot be told before the command runs.</summary>
    public static ConnectedCluster? Find(CompletionRequest request) => request.Find("Cluster") switch
    {
        null => DefaultCluster.Current,
        ConnectedCluster cluster => cluster,
        ClusterReference { Connected: { } cluster } => cluster,
        ClusterReference { Name: { } name } => SessionConnections.Find(name).FirstOrDefault(),
        string name => SessionConnections.Find(name).FirstOrDefault(),
        Uri address => SessionConnections.Find(address.OriginalString).FirstOrDefault(),
        _ => null,
    };
}
