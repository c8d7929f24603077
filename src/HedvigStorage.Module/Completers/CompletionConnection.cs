using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>The connection that a command would use which somebody types.</summary>
internal static class CompletionConnection
{
    /// <summary>
    /// Finds it among those that are open; <see langword="null"/> if there is none, or if it cannot be told before the command runs.
    /// </summary>
    public static ConnectedCluster? Find(CompletionRequest request) => request.Find("Cluster") switch
    {
        null => SessionConnections.Default,
        ConnectedCluster cluster => cluster,
        ClusterReference reference => reference.Connected ?? Find(reference.Name),
        string name => Find(name),
        Uri address => Find(address.OriginalString),
        _ => null,
    };

    private static ConnectedCluster? Find(string? name) => name is not null && SessionConnections.Find(name) is [var only] ? only : null;
}
