using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>Completes names by which a cluster is meant: those of open connections, and of saved profiles.</summary>
internal sealed class ClusterCompleter : NameCompleter
{
    private protected override IReadOnlyList<Candidate> Find(CompletionRequest request) =>
    [
        .. SessionConnections.Names.Select(name => new Candidate(name, Describe(SessionConnections.Find(name)))),
        .. ProfileStore.Names.Select(name => new Candidate(name, "a saved profile")),
    ];

    private static string Describe(IReadOnlyList<ConnectedCluster> connections) =>
        string.Join("; ", connections.Select(cluster => $"{cluster}, {cluster.Engine}"));
}
