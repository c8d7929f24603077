using System.Collections.Generic;
using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>Completes names by which a connection of this session is meant.</summary>
internal sealed class ClusterCompleter : NameCompleter
{
    private protected override IReadOnlyList<Candidate> Find(CompletionRequest request) => DefaultCluster.Current is { } cluster
        ? [new Candidate(cluster.Name ?? cluster.Address.ToString(), $"{cluster}, {cluster.Engine}")]
        : [];
}
